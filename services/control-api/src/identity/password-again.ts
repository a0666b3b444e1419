// The password, asked for once more of somebody who is signed in, before what cannot be undone: a browser that was left open, or a
// cookie in other hands, is not enough for it. Everybody has one: there is no other way in. Tries are counted with those of
// the endpoints under /v1/auth that ask for it too.
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import type { FastifyRequest } from 'fastify';
import type { IdentityEvents } from '../audit/identity-events.js';
import type { Config } from '../config.js';
import type { Mailer } from '../mail/mailer.js';
import {
  attemptsToken,
  authPoolToken,
  authToken,
  configToken,
  identityEventsToken,
  loggerToken,
  mailerToken,
} from '../tokens.js';
import { createAccountNotices } from './account-notices.js';
import type { Attempts } from './attempts.js';
import type { Auth } from './auth.js';
import { AuthCounts } from './auth-counts.js';
import { passwordGuessing } from './auth-endpoints.js';
import { authRefusal } from './auth-refusal.js';
import { authHeaders, type Caller } from './session.js';

const endpoint = { path: '/verify-password', counts: passwordGuessing } as const;

@Injectable()
export class PasswordAgain {
  private readonly counts: AuthCounts;

  constructor(
    @Inject(authToken) private readonly auth: Auth,
    @Inject(authPoolToken) pool: Pool,
    @Inject(attemptsToken) attempts: Attempts,
    @Inject(identityEventsToken) events: IdentityEvents,
    @Inject(configToken) config: Config,
    @Inject(mailerToken) mailer: Mailer,
    @Inject(loggerToken) logger: Logger,
  ) {
    this.counts = new AuthCounts(attempts, events, createAccountNotices({ config, pool, mailer }), logger);
  }

  /** Refuses with `wrong_credentials` or `too_many_attempts` where it is not the password of the request's session. */
  async expect(password: string, { identityId }: Caller, req: FastifyRequest): Promise<void> {
    const attempt = { endpoint, email: '', subject: { identityId }, code: '', req };
    await this.counts.take(attempt);
    const answer = await this.auth.api.verifyPassword({
      body: { password },
      headers: authHeaders(req),
      asResponse: true,
    });
    if (!answer.ok) throw await authRefusal(answer, endpoint);
    await this.counts.forget(attempt);
  }
}
