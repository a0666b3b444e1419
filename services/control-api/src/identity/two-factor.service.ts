// What of two-factor is not the library's: to say whether it is on, and to take it off for an operator.
import { Inject, Injectable } from '@nestjs/common';
import type { AuditContent, TwoFactor, TwoFactorRemoval } from '@sluice/contracts';
import type { Database, Pool } from '@sluice/prisma';
import type { FastifyRequest } from 'fastify';
import { actorOf, originOf } from '../audit/actor.js';
import { appendEntry } from '../audit/append-entry.js';
import type { IdentityEvents } from '../audit/identity-events.js';
import { platformLog } from '../audit/platform-log.js';
import type { Config } from '../config.js';
import { notFound } from '../http/refusal.js';
import type { Mailer } from '../mail/mailer.js';
import { authPoolToken, configToken, databaseToken, identityEventsToken, mailerToken } from '../tokens.js';
import { createAccountNotices, type AccountNotices } from './account-notices.js';
import { readCodes } from './backup-codes.js';
import type { Caller } from './session.js';

@Injectable()
export class TwoFactorService {
  private readonly notices: AccountNotices;

  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(authPoolToken) private readonly pool: Pool,
    @Inject(identityEventsToken) private readonly events: IdentityEvents,
    @Inject(configToken) config: Config,
    @Inject(mailerToken) mailer: Mailer,
  ) {
    this.notices = createAccountNotices({ config, pool, mailer });
  }

  async read({ identityId }: Caller): Promise<TwoFactor> {
    const { rows } = await this.pool.query<{ codes: string }>(
      'SELECT backup_codes AS codes FROM auth.two_factor WHERE user_id = $1 AND verified',
      [identityId],
    );
    const [row] = rows;
    return { isOn: row !== undefined, backupCodesLeft: row === undefined ? 0 : readCodes(row.codes).length };
  }

  /** Noted first: what cannot be told is not done. */
  async remove({ email, reason }: TwoFactorRemoval, req: FastifyRequest): Promise<void> {
    const { rows } = await this.pool.query<{ id: string }>(
      'SELECT i.id FROM auth.identity i JOIN auth.two_factor t ON t.user_id = i.id WHERE i.email = $1',
      [email],
    );
    const identityId = rows[0]?.id;
    if (identityId === undefined) throw notFound('account with two-factor of this address');
    const action = req.operationId ?? 'twoFactor_remove';
    const actor = actorOf(req);
    await this.events.note(action, { identityId }, req, { by: actor, after: { reason } });
    const change = { object: 'account', id: identityId, name: email, environmentId: null, change: 'changed' } as const;
    const content: AuditContent = {
      actor,
      from: originOf(req),
      changes: [{ ...change, before: { twoFactor: true }, after: { twoFactor: false, reason } }],
      omittedChanges: 0,
    };
    const { tenantId } = platformLog;
    await this.database.inTenant(tenantId, (tx) => appendEntry(tx, tenantId, { action, requestId: req.id, content }));
    await this.pool.query(
      `WITH gone AS (DELETE FROM auth.two_factor WHERE user_id = $1),
         ended AS (DELETE FROM auth.session WHERE user_id = $1)
       UPDATE auth.identity SET two_factor_enabled = false WHERE id = $1`,
      [identityId],
    );
    await this.notices.send('two-factor-removed', identityId, req, [`The operator wrote: ${reason}`]);
  }
}
