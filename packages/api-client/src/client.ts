// One call per operation: its name, its path parameters, query and body, all checked by the compiler against the API's own
// description. Redirects are not followed, since a token must not travel to where somebody else points.
import { operations, type Operations } from './operations.generated.js';
import { causeOf, outcomeOf, type Outcome } from './outcome.js';

export type OperationName = keyof Operations;

export interface ApiClientOptions {
  /** Of the control API, with or without a slash at the end: `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`. Without it only what is public answers. */
  readonly token?: string | undefined;
  /** For the whole of a call, its body included. 30,000 without it. */
  readonly timeoutMs?: number | undefined;
  readonly userAgent?: string;
}

/** A body as text of a type that the operation takes: what people have written reaches the server as it is, lines and all. */
export interface RawBody<Type extends string = string> {
  readonly contentType: Type;
  readonly text: string;
}

export interface CallOptions {
  /** An ETag: the change is refused (412) unless it is still the thing's state. */
  readonly ifMatch?: string;
  /** The same key with the same request creates once. */
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export type AnswerOf<N extends OperationName> = Operations[N]['answer'];
export type CallRequest<N extends OperationName> = Omit<Operations[N], 'answer'> & CallOptions;
type Arguments<N extends OperationName> =
  object extends CallRequest<N> ? [request?: CallRequest<N>] : [request: CallRequest<N>];

export interface ApiClient {
  call<N extends OperationName>(name: N, ...request: Arguments<N>): Promise<Outcome<AnswerOf<N>>>;
}

/** What a request may hold, whichever operation it is of. */
interface AnyRequest extends CallOptions {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Query;
  readonly body?: unknown;
  readonly raw?: RawBody;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

const defaultTimeoutMs = 30_000;

export function createApiClient(options: ApiClientOptions): ApiClient {
  const base = options.url.replace(/\/+$/, '');
  return {
    async call<N extends OperationName>(name: N, ...[request]: Arguments<N>): Promise<Outcome<AnswerOf<N>>> {
      const { method, path } = operations[name];
      const sent: AnyRequest = request ?? {};
      const url = base + filled(path, sent.path ?? {}) + queryOf(sent.query ?? {});
      let response: Response;
      try {
        response = await fetch(url, { method, ...requestOf(sent, options) });
      } catch (error) {
        // What this side did wrong, such as an address that is none, is no outcome.
        if (URL.parse(url) === null) throw new Error(`not an address: ${base}`, { cause: error });
        return { ok: false, failure: { kind: 'unreachable', detail: causeOf(error) } };
      }
      return outcomeOf(response);
    },
  };
}

function requestOf(
  { body, raw, ifMatch, idempotencyKey, signal, timeoutMs }: AnyRequest,
  options: ApiClientOptions,
): RequestInit {
  const headers = new Headers({ accept: 'application/json, application/problem+json' });
  if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
  if (options.userAgent !== undefined) headers.set('user-agent', options.userAgent);
  const sent =
    raw ?? (body === undefined ? undefined : { contentType: 'application/json', text: JSON.stringify(body) });
  if (sent !== undefined) headers.set('content-type', sent.contentType);
  if (ifMatch !== undefined) headers.set('if-match', ifMatch);
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
  const deadline = AbortSignal.timeout(timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs);
  return {
    headers,
    redirect: 'manual',
    signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    ...(sent === undefined ? {} : { body: sent.text }),
  };
}

function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

function queryOf(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.append(name, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
