// What follows a change of an account: what must end with it ends, and the person is told by mail. A password that was set anew by
// mail ends the access tokens too: it is what people do whose account was in other hands, and whoever had it may have made
// one. A password changed with the old one leaves them, and names them.
import type { Pool } from '@sluice/prisma';
import type { FastifyRequest } from 'fastify';
import type { AccountNotices } from './account-notices.js';
import type { Auth } from './auth.js';
import type { AuthEndpoint } from './auth-endpoints.js';
import { readCodes } from './backup-codes.js';
import type { Subject } from './two-factor.js';

export interface AccountChange {
  readonly endpoint: AuthEndpoint;
  readonly identityId: string;
  /** As it was before. */
  readonly subject: Subject | undefined;
  /** The cookies of the answer. */
  readonly cookies: readonly string[];
  readonly req: FastifyRequest;
}

export class AccountChanges {
  constructor(
    private readonly pool: Pool,
    private readonly auth: Auth,
    private readonly notices: AccountNotices,
  ) {}

  async follow(change: AccountChange): Promise<void> {
    const { endpoint, identityId, subject, req } = change;
    switch (endpoint.path) {
      case '/email-otp/reset-password': {
        const names = await this.revokeTokens(identityId);
        const ended = names.length === 0 ? [] : [`These access tokens have ended with it: ${names.join(', ')}.`];
        return this.notices.send('password-reset', identityId, req, ended);
      }
      case '/change-password': {
        const names = await this.livingTokens(identityId);
        const kept = names.length === 0 ? [] : [`These access tokens go on working: ${names.join(', ')}.`];
        return this.notices.send('password-changed', identityId, req, kept);
      }
      case '/two-factor/verify-totp': {
        if (subject?.isSignedIn !== true || subject.hasTwoFactor) return;
        await this.endOtherSessions(change);
        return this.notices.send('two-factor-on', identityId, req);
      }
      case '/two-factor/verify-backup-code': {
        const left = await this.backupCodesLeft(identityId);
        return this.notices.send('backup-code-used', identityId, req, [
          `Backup codes that are left: ${left}.${left < 3 ? ' Make new ones.' : ''}`,
        ]);
      }
      case '/two-factor/generate-backup-codes':
        return this.notices.send('backup-codes-made', identityId, req);
      case '/two-factor/disable':
        return subject?.hasTwoFactor === true ? this.notices.send('two-factor-off', identityId, req) : undefined;
      default:
    }
  }

  private async revokeTokens(identityId: string): Promise<string[]> {
    const { rows } = await this.pool.query<{ name: string; living: boolean }>(
      'DELETE FROM auth.personal_token WHERE identity_id = $1 RETURNING name, expires_at > now() AS living',
      [identityId],
    );
    return rows.filter(({ living }) => living).map(({ name }) => name);
  }

  private async livingTokens(identityId: string): Promise<string[]> {
    const { rows } = await this.pool.query<{ name: string }>(
      'SELECT name FROM auth.personal_token WHERE identity_id = $1 AND expires_at > now() ORDER BY id',
      [identityId],
    );
    return rows.map(({ name }) => name);
  }

  private async backupCodesLeft(identityId: string): Promise<number> {
    const { rows } = await this.pool.query<{ codes: string }>(
      'SELECT backup_codes AS codes FROM auth.two_factor WHERE user_id = $1',
      [identityId],
    );
    return rows[0] === undefined ? 0 : readCodes(rows[0].codes).length;
  }

  // They came to be without a second step.
  private async endOtherSessions({ identityId, cookies }: AccountChange): Promise<void> {
    const cookie = cookies.map((one) => one.split(';', 1)[0]).join('; ');
    const kept = await this.auth.api.getSession({ headers: new Headers({ cookie }) });
    await this.pool.query('DELETE FROM auth.session WHERE user_id = $1 AND id <> $2', [
      identityId,
      kept?.session.id ?? '',
    ]);
  }
}
