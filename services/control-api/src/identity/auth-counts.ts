// Counts what is tried at the endpoints under /v1/auth, before it is tried: by address, by the client's network address, and by
// the account whose session or half a sign-in the request carries. A code of the app counts by itself, so that of two
// requests with one code, at once or one after the other, only the first is tried.
import type { Logger } from '@sluice/runtime';
import type { FastifyRequest } from 'fastify';
import { lockedAction, type IdentityEvents } from '../audit/identity-events.js';
import { loggableError } from '../database/loggable-error.js';
import { clientAddress } from '../http/client-address.js';
import type { AccountNotices } from './account-notices.js';
import { TooManyAttempts, type Attempts, type Rule } from './attempts.js';
import type { AuthEndpoint } from './auth-endpoints.js';
import { wrongSecondStep } from './auth-refusal.js';
import type { Subject } from './two-factor.js';

export interface Try {
  readonly endpoint: Pick<AuthEndpoint, 'path' | 'counts' | 'takesCode'>;
  /** Of the body; empty where it has none. */
  readonly email: string;
  /** There is one where the endpoint counts by it. */
  readonly subject: Pick<Subject, 'identityId'> | undefined;
  readonly code: string;
  readonly req: FastifyRequest;
}

/** A code of the app is accepted for 90 seconds; clocks of several processes may differ by the rest. */
const codeOnce: Rule = { kind: 'app-code', most: 1, windowMs: 5 * 60_000 };

export class AuthCounts {
  constructor(
    private readonly attempts: Attempts,
    private readonly events: IdentityEvents,
    private readonly notices: AccountNotices,
    private readonly logger: Logger,
  ) {}

  /** Counts a try, or refuses it. */
  async take(one: Try): Promise<void> {
    const { endpoint, email, subject, code, req } = one;
    const { counts, path, takesCode } = endpoint;
    if (counts === undefined) return;
    if (counts.client !== undefined) await this.attempts.take(counts.client, clientAddress(req));
    try {
      if (counts.account !== undefined) await this.attempts.take(counts.account, email);
      for (const rule of counts.subject ?? []) await this.attempts.take(rule, subject?.identityId ?? '');
    } catch (error) {
      if (error instanceof TooManyAttempts && error.isFirst && counts.clearsOnSuccess) this.tellOfLockOut(one);
      throw error;
    }
    if (takesCode !== 'app' || subject === undefined) return;
    try {
      await this.attempts.take(codeOnce, `${subject.identityId} ${code}`);
    } catch (error) {
      throw error instanceof TooManyAttempts ? wrongSecondStep(path) : error;
    }
  }

  async forget({ endpoint: { counts }, email, subject, req }: Try): Promise<void> {
    if (counts?.clearsOnSuccess !== true) return;
    if (counts.account !== undefined) await this.attempts.clear(counts.account, email);
    for (const rule of counts.subject ?? []) await this.attempts.clear(rule, subject?.identityId ?? '');
    // Clearing it would let one good account pay for guesses at others.
    if (counts.client !== undefined) await this.attempts.giveBack(counts.client, clientAddress(req));
  }

  // Not waited for: how long the answer takes must not tell whether there is such an account.
  private tellOfLockOut({ endpoint, email, subject, req }: Try): void {
    const who = subject === undefined ? { email } : { identityId: subject.identityId };
    const told = this.events.note(lockedAction, who, req, { by: 'unknown' });
    // Who fails here knows the password.
    const mailed =
      endpoint.takesCode === undefined || subject === undefined
        ? undefined
        : this.notices.send('second-step-locked', subject.identityId, req);
    Promise.all([told, mailed]).catch((error: unknown) => {
      this.logger.error({ error: loggableError(error), requestId: req.id }, 'a lock-out was not told');
    });
  }
}
