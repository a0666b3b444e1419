// Mounts better-auth under /v1/auth as a plugin with a body parser of its own: the open endpoints alone, bodies checked,
// attempts counted before they are made, answers without session tokens, errors as problems. Nest sees none of it.
import type { Pool } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { lockedAction, type IdentityEvents } from '../audit/identity-events.js';
import type { Config } from '../config.js';
import { loggableError } from '../database/loggable-error.js';
import { answerProblem } from '../http/answer-problem.js';
import { parseJsonBody } from '../http/json-body.js';
import { Refusal } from '../http/refusal.js';
import { check } from '../http/validation.pipe.js';
import { authOperationIdOf } from '../openapi/operation-id.js';
import { Attempts, TooManyAttempts } from './attempts.js';
import { authBasePath, type Auth } from './auth.js';
import { accountSchema, authEndpoints, type AuthEndpoint } from './auth-endpoints.js';
import { authRefusal } from './auth-refusal.js';
import { findUnverified, forgetUnverified } from './unverified.js';
import { authHeaders } from './session.js';
import { createSignUpProof } from './sign-up-proof.js';

export interface AuthPluginOptions {
  readonly config: Config;
  readonly auth: Auth;
  readonly pool: Pool;
  readonly events: IdentityEvents;
  readonly logger: Logger;
}

export async function authPlugin(
  app: FastifyInstance,
  { config, auth, pool, events, logger }: AuthPluginOptions,
): Promise<void> {
  const attempts = new Attempts(pool);
  const proof = createSignUpProof(config);
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
    await count(endpoint, email, req);
    if (endpoint.path === '/sign-up/email') await forgetUnverified(pool, email);
    // Asked before the password is checked: an account that takes this one's place meanwhile has another password.
    const unverifiedId = endpoint.path === '/sign-in/email' ? await findUnverified(pool, email) : undefined;
    const answer = await auth.handler(
      new Request(`http://auth${authBasePath}${endpoint.path}`, {
        method: 'POST',
        headers: { ...Object.fromEntries(authHeaders(req)), 'content-type': 'application/json' },
        body: JSON.stringify(withDefaults(endpoint, body)),
      }),
    );
    if (!answer.ok) {
      const refusal = await authRefusal(answer, endpoint);
      const knewPassword = endpoint.path === '/sign-in/email' && unverifiedId !== undefined;
      if (knewPassword && refusal instanceof Refusal && refusal.code === 'address_unverified')
        void reply.header('set-cookie', proof.cookieFor(unverifiedId));
      throw refusal;
    }
    if (endpoint.counts?.clearsOnSuccess === true) await uncount(endpoint, email, req.ip);
    const answered: unknown = await answer.json();
    // Before the session is given out: a sign-in that cannot be noted is none.
    if (endpoint.isNoted === true)
      await events.note(authOperationIdOf(endpoint.path), { email: email || emailOf(answered) }, req);
    for (const cookie of answer.headers.getSetCookie()) void reply.header('set-cookie', cookie);
    // For a known address the library makes an id up, so that the cookie comes all the same.
    if (endpoint.path === '/sign-up/email')
      void reply.header('set-cookie', proof.cookieFor(signedUpSchema.parse(answered).user.id));
    return reply.header('cache-control', 'no-store').send(publicAnswer(endpoint, answered));
  }

  async function count({ counts }: AuthEndpoint, email: string, req: FastifyRequest): Promise<void> {
    if (counts?.client !== undefined) await attempts.take(counts.client, req.ip);
    if (counts?.account === undefined) return;
    try {
      await attempts.take(counts.account, email);
    } catch (error) {
      if (error instanceof TooManyAttempts && error.isFirst && counts.clearsOnSuccess) noteLockOut(email, req);
      throw error;
    }
  }

  // Not waited for: how long the answer takes must not tell whether there is such an account.
  function noteLockOut(email: string, req: FastifyRequest): void {
    events.note(lockedAction, { email }, req, false).catch((error: unknown) => {
      logger.error({ error: loggableError(error), requestId: req.id }, 'a lock-out was not noted in the audit log');
    });
  }

  async function uncount({ counts }: AuthEndpoint, email: string, address: string): Promise<void> {
    if (counts?.client !== undefined) await attempts.giveBack(counts.client, address);
    if (counts?.account !== undefined) await attempts.clear(counts.account, email);
  }
}

const signedUpSchema = z.object({ user: z.object({ id: z.string() }) });

function emailOf(answered: unknown): string {
  return z.object({ user: z.object({ email: z.string() }) }).parse(answered).user.email;
}

function withDefaults({ path }: AuthEndpoint, body: Record<string, unknown>): Record<string, unknown> {
  if (path === '/sign-up/email' && body['name'] === undefined)
    return { ...body, name: String(body['email']).split('@', 1)[0] };
  if (path === '/change-password') return { ...body, revokeOtherSessions: true };
  return body;
}

// The library answers with the session's token beside the person; it belongs into the cookie alone.
function publicAnswer({ answer: schema }: AuthEndpoint, body: unknown): unknown {
  if (!('user' in schema.shape)) return { success: true };
  const user: unknown = typeof body === 'object' && body !== null && 'user' in body ? body.user : undefined;
  const { id, email, name, emailVerified } = accountSchema.parse(user);
  return { user: { id, email, name, emailVerified } };
}
