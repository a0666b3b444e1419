// Paths and queries that decode to what no name of ours can be. Postgres has no NUL in its texts, so that looking one up would
// break; here, before any handler, it is simply not there.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './answer-problem.js';
import { notFound, Refusal } from './refusal.js';

export function refuseNul({ params, query }: Pick<FastifyRequest, 'params' | 'query'>): void {
  if (namesWithNul(params).length > 0) throw notFound('thing of this name');
  const wrong = namesWithNul(query);
  if (wrong.length === 0) return;
  throw new Refusal(
    'invalid_query',
    'The query holds the character NUL. Leave it out.',
    wrong.map((name) => ({ pointer: `/${name}`, message: 'the character NUL is not allowed', fix: 'leave it out' })),
  );
}

/** Fastify gives up on these before there is a route, and so before any hook. */
export function answerUnroutable(error: Error, req: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', req.id).header('x-content-type-options', 'nosniff');
  if ('code' in error && error.code === 'FST_ERR_MAX_PARAM_LENGTH') {
    const { code, detail } = notFound('thing of so long a name');
    void sendProblem(req, reply, code, detail);
    return;
  }
  void sendProblem(req, reply, 'bad_request', 'The path is not percent-encoded UTF-8. Encode it with a URL library.');
}

function namesWithNul(values: unknown): string[] {
  return Object.entries(values ?? {}).flatMap(([name, value]) =>
    [name, value].flat().some((text) => typeof text === 'string' && text.includes('\0')) ? [name] : [],
  );
}
