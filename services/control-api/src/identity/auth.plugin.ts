// Mounts better-auth under /v1/auth as a plugin with a body parser of its own: the open endpoints alone, bodies checked,
// attempts counted before they are made, answers without session tokens, errors as problems. Nest sees none of it.
import type { Pool } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { IdentityEvents } from '../audit/identity-events.js';
import type { Config } from '../config.js';
import { answerProblem } from '../http/answer-problem.js';
import { parseJsonBody } from '../http/json-body.js';
import { Refusal } from '../http/refusal.js';
import type { RequestBounds } from '../http/request-bounds.js';
import { check } from '../http/validation.pipe.js';
import type { Mailer } from '../mail/mailer.js';
import { authOperationIdOf } from '../openapi/operation-id.js';
import { AccountChanges } from './account-changes.js';
import { createAccountNotices } from './account-notices.js';
import { Attempts } from './attempts.js';
import { authBasePath, type Auth } from './auth.js';
import { emailOf, needsSecondStep, publicAnswer } from './auth-answers.js';
import { AuthCounts } from './auth-counts.js';
import { authEndpoints, type AuthEndpoint } from './auth-endpoints.js';
import { authRefusal, signInAgain } from './auth-refusal.js';
import { createBackupCodes } from './backup-codes.js';
import { cookieNameOf, withoutCookie } from './cookies.js';
import { findUnverified, forgetUnverified } from './unverified.js';
import { authHeaders } from './session.js';
import { createSignUpProof } from './sign-up-proof.js';
import type { Subject } from './two-factor.js';

export interface AuthPluginOptions {
  readonly config: Config;
  readonly auth: Auth;
  readonly bounds: RequestBounds;
  readonly pool: Pool;
  readonly events: IdentityEvents;
  readonly mailer: Mailer;
  readonly logger: Logger;
}

/** In the audit log: a code of the app, sent by somebody who is signed in. */
export const twoFactorOnAction = 'two_factor_on';

export async function authPlugin(
  app: FastifyInstance,
  { config, auth, bounds, pool, events, mailer, logger }: AuthPluginOptions,
): Promise<void> {
  const notices = createAccountNotices({ config, pool, mailer });
  const counts = new AuthCounts(new Attempts(pool), events, notices, logger);
  const changes = new AccountChanges(pool, auth, notices);
  const proof = createSignUpProof(config);
  const backupCodes = createBackupCodes(config);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parseJsonBody);
  app.setErrorHandler((error, req, reply) => answerProblem(req, reply, error, logger));
  // By address, whoever it may be: a session is looked for later, by those that need one.
  app.addHook('preValidation', async (req, reply) => bounds.take(req, reply, undefined));
  for (const endpoint of authEndpoints) {
    app.post(endpoint.path, async (req, reply) => answerEndpoint(endpoint, req, reply));
  }

  async function answerEndpoint(
    endpoint: AuthEndpoint,
    req: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const body: Record<string, unknown> = check(endpoint.body, req.body ?? {}, 'invalid_body');
    const email = textOf(body['email']);
    const subject = await subjectOf(endpoint, req);
    const attempt = { endpoint, email, subject, code: textOf(body['code']), req };
    await counts.take(attempt);
    if (endpoint.path === '/sign-up/email') await forgetUnverified(pool, email);
    // Asked before the password is checked: an account that takes this one's place meanwhile has another password.
    const unverifiedId = endpoint.path === '/sign-in/email' ? await findUnverified(pool, email) : undefined;
    const answer = await auth.handler(
      new Request(`http://auth${authBasePath}${endpoint.path}`, {
        method: 'POST',
        headers: { ...Object.fromEntries(headersFor(req, subject)), 'content-type': 'application/json' },
        body: JSON.stringify(bodyFor(endpoint, body)),
      }),
    );
    if (!answer.ok) {
      const refusal = await authRefusal(answer, endpoint);
      const knewPassword = endpoint.path === '/sign-in/email' && unverifiedId !== undefined;
      if (knewPassword && refusal instanceof Refusal && refusal.code === 'address_unverified')
        void reply.header('set-cookie', proof.cookieFor(unverifiedId));
      throw refusal;
    }
    await counts.forget(attempt);
    const answered: unknown = await answer.json();
    const cookies = answer.headers.getSetCookie();
    // Before the session is given out: a sign-in that cannot be noted is none.
    if (endpoint.isNoted === true && !needsSecondStep(answered)) {
      const identityId = subject?.identityId ?? (await identityOf(email || emailOf(answered)));
      await events.note(actionOf(endpoint, subject), { identityId }, req);
      await changes.follow({ endpoint, identityId, subject, cookies, req });
    }
    for (const cookie of cookies) void reply.header('set-cookie', cookie);
    // For a known address the library makes an id up, so that the cookie comes all the same.
    if (endpoint.path === '/sign-up/email')
      void reply.header('set-cookie', proof.cookieFor(signedUpSchema.parse(answered).user.id));
    return reply.header('cache-control', 'no-store').send(publicAnswer(endpoint, answered));
  }

  /** Undefined where it plays no part. Refuses where there is none. */
  async function subjectOf(endpoint: AuthEndpoint, req: FastifyRequest): Promise<Subject | undefined> {
    const { needsSession = false, takesCode } = endpoint;
    if (!needsSession && takesCode === undefined) return undefined;
    const subject = await auth.api.subjectOf({ headers: authHeaders(req) });
    if (subject !== null && (subject.isSignedIn || !needsSession)) return subject;
    if (takesCode !== undefined) throw signInAgain();
    throw new Refusal('unauthenticated', 'Sign in first: there is no session with this request.');
  }

  // What was counted for one account must not be tried for another: a session that ends meanwhile leaves no half a sign-in to
  // be taken in its place.
  function headersFor(req: FastifyRequest, subject: Subject | undefined): Headers {
    const headers = authHeaders(req);
    const cookies = headers.get('cookie');
    if (subject === undefined || cookies === null) return headers;
    const unused = cookieNameOf(config, subject.isSignedIn ? 'two_factor' : 'session_token');
    headers.set('cookie', withoutCookie(cookies, unused));
    return headers;
  }

  async function identityOf(email: string): Promise<string> {
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM auth.identity WHERE email = $1', [email]);
    return rows[0]?.id ?? '';
  }

  function bodyFor({ path }: AuthEndpoint, body: Record<string, unknown>): Record<string, unknown> {
    if (path === '/sign-up/email' && body['name'] === undefined)
      return { ...body, name: textOf(body['email']).split('@', 1)[0] };
    if (path === '/change-password') return { ...body, revokeOtherSessions: true };
    if (path === '/two-factor/verify-backup-code') return { code: backupCodes.sealed(textOf(body['code'])) };
    return body;
  }
}

const signedUpSchema = z.object({ user: z.object({ id: z.string() }) });

function actionOf({ path }: AuthEndpoint, subject: Subject | undefined): string {
  const switchesOn = path === '/two-factor/verify-totp' && subject?.isSignedIn === true;
  return switchesOn ? twoFactorOnAction : authOperationIdOf(path);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
