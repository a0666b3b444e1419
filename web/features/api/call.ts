// A call is plain data: what to ask of control-api and the schema its answer must pass. The same call is performed by
// the browser (`perform`, same origin) and by server components (`read`, with the visitor's cookie).
import { problemSchema, problems } from '@sluice/contracts';
import type { FieldError, ProblemCode } from '@sluice/contracts';
import type { z } from 'zod';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Call<T> {
  readonly method: Method;
  /** Below the origin, from `/v1` on, with its query. */
  readonly path: string;
  /** Null: the answer has no body that matters. */
  readonly answer: z.ZodType<T> | null;
  readonly body?: unknown;
  /** The ETag that the change is based on. */
  readonly ifMatch?: string | undefined;
  /** The same key sent twice makes one thing. */
  readonly idempotencyKey?: string;
}

/** What went wrong, for people: what (title), why (detail), which fields, and the id to quote. */
export interface Failure {
  readonly ok: false;
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly isRetryable: boolean;
  readonly requestId: string | null;
  readonly errors: readonly FieldError[];
}

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
  readonly etag: string | null;
}

export type Outcome<T> = Success<T> | Failure;

/** The request of a call, to be sent by whichever fetch. */
export function requestOf(call: Call<unknown>): RequestInit {
  const headers = new Headers({ accept: 'application/json, application/problem+json' });
  if (call.body !== undefined) headers.set('content-type', 'application/json');
  if (call.ifMatch !== undefined) headers.set('if-match', call.ifMatch);
  if (call.idempotencyKey !== undefined) headers.set('idempotency-key', call.idempotencyKey);
  return {
    method: call.method,
    headers,
    cache: 'no-store',
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  };
}

/** Reads an answer: a value that passed the schema, or a failure. It never throws. */
export async function outcomeOf<T>(call: Call<T>, send: () => Promise<Response>): Promise<Outcome<T>> {
  let response: Response;
  let text: string;
  try {
    response = await send();
    text = await response.text();
  } catch {
    return failure(
      'unavailable',
      'The control plane did not answer; the gateways go on serving without it. Try again in a moment.',
      null,
    );
  }
  const requestId = response.headers.get('x-sluice-request-id') ?? response.headers.get('x-request-id');
  const body = parse(text);
  if (!response.ok) {
    const problem = problemSchema.safeParse(body);
    if (!problem.success) return failure(codeOfStatus(response.status), refusedInWords(response.status), requestId);
    const { code, status, title, detail } = problem.data;
    const isRetryable = problems[code].isRetryable;
    return {
      ok: false,
      code,
      status,
      title,
      detail,
      isRetryable,
      requestId: problem.data.requestId,
      errors: problem.data.errors ?? [],
    };
  }
  const etag = response.headers.get('etag');
  if (call.answer === null) return { ok: true, value: undefined as T, etag };
  const answer = call.answer.safeParse(body);
  if (answer.success) return { ok: true, value: answer.data, etag };
  const wrong = answer.error.issues[0];
  return failure(
    'internal',
    `This page and the control plane are of different versions: ${wrong?.path.join('.') ?? 'the answer'} is not as expected. Reload the page; if that does not help, tell the operator.`,
    requestId,
  );
}

/** A failure that this side found. */
export function failure(code: ProblemCode, detail: string, requestId: string | null): Failure {
  const { status, title, isRetryable } = problems[code];
  return { ok: false, code, status, title, detail, isRetryable, requestId, errors: [] };
}

function refusedInWords(status: number): string {
  const what = `The answer was ${status}, with nothing that explains it.`;
  return `${what} ${status >= 500 || status === 429 ? 'Try again in a moment' : 'Reload the page'}; if it stays, tell the operator.`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function codeOfStatus(status: number): ProblemCode {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 429) return 'too_many_attempts';
  return status >= 500 ? 'unavailable' : 'bad_request';
}
