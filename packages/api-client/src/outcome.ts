// What comes of a call. A refusal and a server that cannot be reached are values, told apart, because their remedies differ:
// one is mended by the caller, the other by waiting.

/** RFC 9457 with what Sluice adds. `code` is any text: a newer control plane may know more codes than this client. */
export interface Problem {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | null;
  readonly errors: readonly ProblemError[];
}

export interface ProblemError {
  /** RFC 6901, into what was sent. */
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
  /** Of a text that was sent, from 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export type Failure =
  /** The control plane answered, and said no. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** Nobody answered in time, or the connection broke. Of a change nobody knows whether it was made. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** Something answered that is not a control plane: a proxy's page, a redirect, another service. */
  | { readonly kind: 'stranger'; readonly status: number; readonly detail: string };

export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly etag: string | null; readonly requestId: string | null }
  | { readonly ok: false; readonly failure: Failure };

/** Reads an answer to the end. Never throws: a body that breaks off is `unreachable`. */
export async function outcomeOf<T>(response: Response): Promise<Outcome<T>> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    return { ok: false, failure: { kind: 'unreachable', detail: `the answer broke off (${causeOf(error)})` } };
  }
  const requestId = response.headers.get('x-request-id');
  const body = text === '' ? undefined : parse(text);
  if (response.ok && body !== notJson)
    return { ok: true, value: body as T, etag: response.headers.get('etag'), requestId };
  const problem = problemOf(body, requestId);
  if (!response.ok && problem !== undefined) return { ok: false, failure: { kind: 'refused', problem } };
  return { ok: false, failure: { kind: 'stranger', status: response.status, detail: strangeness(response) } };
}

/** The cause of a failed `fetch` in a word: its own message is only "fetch failed". */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown cause';
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return error.message;
}

const notJson = Symbol('not JSON');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return notJson;
  }
}

function problemOf(body: unknown, requestId: string | null): Problem | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { code, status, title, detail, errors } = body as Partial<Problem>;
  if (typeof code !== 'string' || typeof status !== 'number' || typeof title !== 'string') return undefined;
  return { code, status, title, detail: detail ?? title, requestId, errors: Array.isArray(errors) ? errors : [] };
}

function strangeness(response: Response): string {
  const target = response.headers.get('location');
  if (target !== null) return `it answers ${response.status} and leads to ${target}: use that address instead`;
  return `it answers ${response.status} with what no control plane says: check the address, and what stands before it`;
}
