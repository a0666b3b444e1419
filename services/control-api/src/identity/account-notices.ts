// Mails that tell a person what was done to the account, so that somebody else who did it does not stay unseen.
import type { Pool } from '@sluice/prisma';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { noticeLetter, type Notice } from '../mail/letters.js';
import type { Mailer } from '../mail/mailer.js';

export interface AccountNotices {
  /** @param details a sentence for each thing that belongs to it, such as the names of tokens. */
  send(notice: Notice, identityId: string, req: FastifyRequest, details?: readonly string[]): Promise<void>;
}

export function createAccountNotices({
  config,
  pool,
  mailer,
}: {
  readonly config: Config;
  readonly pool: Pool;
  readonly mailer: Mailer;
}): AccountNotices {
  return {
    async send(notice, identityId, req, details = []) {
      const { rows } = await pool.query<{ email: string }>('SELECT email FROM auth.identity WHERE id = $1', [
        identityId,
      ]);
      const to = rows[0]?.email;
      if (to === undefined) return;
      const origin = req.headers.origin ?? new URL(config.web.consoleUrl).origin;
      mailer.send(noticeLetter({ to, notice, details, origin }));
    },
  };
}
