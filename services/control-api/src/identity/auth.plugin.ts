// Mounts better-auth under /v1/auth as a plugin with a body parser of its own: the open endpoints alone, bodies checked,
// attempts counted before they are made, answers without session tokens, errors as problems. Nest sees none of it.
import type { Pool } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerProblem } from '../http/answer-problem.js';
import { parseJsonBody } from '../http/json-body.js';
import { check } from '../http/validation.pipe.js';
import { Attempts } from './attempts.js';
import { authBasePath, type Auth } from './auth.js';
import { accountSchema, authEndpoints, type AuthEndpoint } from './auth-endpoints.js';
import { authRefusal } from './auth-refusal.js';
import { forgetUnverified } from './forget-unverified.js';
import { authHeaders } from './session.js';

export interface AuthPluginOptions {
  readonly auth: Auth;
  readonly pool: Pool;
  readonly logger: Logger;
}

export async function authPlugin(app: FastifyInstance, { auth, pool, logger }: AuthPluginOptions): Promise<void> {
  const attempts = new Attempts(pool);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parseJsonBody);
  app.setErrorHandler((error, req, reply) => answerProblem(req, reply, error, logger));
  for (const endpoint of authEndpoints) {
    app.post(endpoint.path, async (req, reply) => answerEndpoint(endpoint, req, reply));
  }

  async function answerEndpoint(
    endpoint: AuthEndpoint,
    req: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const body: Record<string, unknown> = check(endpoint.body, req.body ?? {}, 'invalid_body');
    const email = typeof body['email'] === 'string' ? body['email'] : '';
    await count(endpoint, email, req.ip);
    if (endpoint.path === '/sign-up/email') await forgetUnverified(pool, email);
    const answer = await auth.handler(
      new Request(`http://auth${authBasePath}${endpoint.path}`, {
        method: 'POST',
        headers: { ...Object.fromEntries(authHeaders(req)), 'content-type': 'application/json' },
        body: JSON.stringify(withDefaults(endpoint, body)),
      }),
    );
    if (!answer.ok) throw await authRefusal(answer, endpoint);
    if (endpoint.counts?.clearsOnSuccess === true) await uncount(endpoint, email, req.ip);
    for (const cookie of answer.headers.getSetCookie()) void reply.header('set-cookie', cookie);
    return reply.header('cache-control', 'no-store').send(await publicAnswer(endpoint, answer));
  }

  async function count({ counts }: AuthEndpoint, email: string, address: string): Promise<void> {
    if (counts?.client !== undefined) await attempts.take(counts.client, address);
    if (counts?.account !== undefined) await attempts.take(counts.account, email);
  }

  async function uncount({ counts }: AuthEndpoint, email: string, address: string): Promise<void> {
    if (counts?.client !== undefined) await attempts.giveBack(counts.client, address);
    if (counts?.account !== undefined) await attempts.clear(counts.account, email);
  }
}

function withDefaults({ path }: AuthEndpoint, body: Record<string, unknown>): Record<string, unknown> {
  if (path === '/sign-up/email' && body['name'] === undefined)
    return { ...body, name: String(body['email']).split('@', 1)[0] };
  if (path === '/change-password') return { ...body, revokeOtherSessions: true };
  return body;
}

// The library answers with the session's token beside the person; it belongs into the cookie alone.
async function publicAnswer({ answer: schema }: AuthEndpoint, answer: Response): Promise<unknown> {
  const body: unknown = await answer.json();
  if (!('user' in schema.shape)) return { success: true };
  const user: unknown = typeof body === 'object' && body !== null && 'user' in body ? body.user : undefined;
  const { id, email, name, emailVerified } = accountSchema.parse(user);
  return { user: { id, email, name, emailVerified } };
}
