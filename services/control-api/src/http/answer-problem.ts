// Every error leaves this process here, as RFC 9457. Expected refusals keep their words; what nobody expected leaks nothing
// and is logged under the request's id.
import { problem, problems, type FieldError, type ProblemCode } from '@sluice/contracts';
import type { Logger } from '@sluice/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { postgresRefusal } from './postgres-refusal.js';
import { Refusal } from './refusal.js';

export function answerProblem(req: FastifyRequest, reply: FastifyReply, error: unknown, logger: Logger): void {
  const refusal = refusalOf(error);
  if (refusal.code === 'internal' || refusal.code === 'unavailable') {
    logger.error(
      { err: loggable(error), requestId: req.id, method: req.method, route: req.routeOptions.url },
      'a request failed',
    );
  }
  void sendProblem(req, reply, refusal.code, refusal.detail, refusal.errors, refusal.headers);
}

export function sendProblem(
  req: FastifyRequest,
  reply: FastifyReply,
  code: ProblemCode,
  detail: string,
  errors?: readonly FieldError[],
  headers: Readonly<Record<string, string>> = {},
): FastifyReply {
  const instance = req.url.split('?', 1)[0] ?? '/';
  const body = problem(code, detail, { instance, requestId: req.id, ...(errors === undefined ? {} : { errors }) });
  return reply
    .code(problems[code].status)
    .headers({ ...headers, 'cache-control': 'no-store' })
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(body)));
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return (
    postgresRefusal(error) ??
    frameworkRefusal(error) ??
    new Refusal('internal', 'Something broke inside Sluice. Try again; if it stays, tell the operator this request id.')
  );
}

// Fastify and Nest refuse some requests before any handler sees them. They are told apart by status, never by text.
function frameworkRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const status = 'statusCode' in error ? error.statusCode : 'status' in error ? error.status : undefined;
  if (status === 404)
    return new Refusal(
      'not_found',
      'No endpoint answers at this path and method. GET /v1/openapi.json lists all that exist.',
    );
  if (status === 413)
    return new Refusal('too_large', 'The body is larger than 1 MiB (a document: 4 MiB). Send less at once.');
  if (status === 415)
    return new Refusal(
      'unsupported_media_type',
      'Send the body as application/json; a document may be application/yaml.',
    );
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Refusal(
      'bad_request',
      'The request could not be read. Check its encoding, its headers and that it was sent whole.',
    );
  return undefined;
}

// Errors of the database may quote a statement's parameters: their class, code and stack say enough.
function loggable(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, stack } = error;
  const frames = stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 12)
    .join('\n');
  return {
    type: name,
    code: 'code' in error ? error.code : undefined,
    message: isOurs(error) ? error.message : lastLine(error.message),
    stack: frames,
  };
}

function isOurs(error: Error): boolean {
  return error.constructor === Error || error.constructor === TypeError;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
}
