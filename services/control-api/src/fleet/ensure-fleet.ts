// The fleet `default`, to which every environment belongs today. Its token is the one of the configuration; its history
// begins anew when the database turns out to be another one than before.
import { createHash } from 'node:crypto';
import { uuidv7Hex } from '@sluice/contracts';
import type { Database } from '@sluice/prisma';

export const defaultFleetId = 'default';

export async function ensureFleet(database: Database, token: string): Promise<void> {
  const incarnation = await readIncarnation(database);
  const tokenHash = hashToken(token);
  const historyId = uuidv7Hex();
  await database.inNone(
    (tx) => tx.$executeRaw`
      INSERT INTO sluice.fleets AS fleet (id, token_hash, history_id, incarnation)
      VALUES (${defaultFleetId}, ${tokenHash}, ${historyId}, ${incarnation})
      ON CONFLICT (id) DO UPDATE SET
        token_hash = EXCLUDED.token_hash,
        history_id = CASE WHEN fleet.incarnation = EXCLUDED.incarnation THEN fleet.history_id ELSE EXCLUDED.history_id END,
        incarnation = EXCLUDED.incarnation,
        updated_at = now()
      WHERE fleet.token_hash <> EXCLUDED.token_hash OR fleet.incarnation <> EXCLUDED.incarnation`,
  );
}

/** Tokens are long and random, so one round of SHA-256 is enough to store them by. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * What tells one life of the database from another: a dump restored elsewhere has another system identifier, a recovery
 * to a point in time another timeline. A copy of the data folder, restored in place, has neither: gateways that are
 * ahead of it are found by their position.
 */
async function readIncarnation(database: Database): Promise<string> {
  const [row] = await database.inNone(
    (tx) => tx.$queryRaw<{ incarnation: string }[]>`
      SELECT (SELECT system_identifier FROM pg_control_system())::text || '/' || (SELECT timeline_id FROM pg_control_checkpoint())::text AS incarnation`,
  );
  if (row === undefined) throw new Error('Postgres did not say which database this is');
  return row.incarnation;
}
