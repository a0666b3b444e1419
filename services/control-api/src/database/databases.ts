// The connections to Postgres, each as the role that may do no more than its part. They are opened before Nest starts,
// because better-auth needs one of them, and closed after it.
import {
  assertSafeRole,
  createAuthPool,
  createDatabase,
  createFeedPool,
  type Database,
  type Pool,
} from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import { witness } from '../audit/witness.js';
import type { Config } from '../config.js';
import { expectRoom } from '../operator/expect-room.js';
import { loggableError } from './loggable-error.js';

export interface Databases {
  /** As sluice_app: transactions for a tenant, a person, a slug or a fleet. */
  readonly database: Database;
  /** As sluice_auth: for better-auth. */
  readonly authPool: Pool;
  /** As sluice_feed: what the change feed reads. */
  readonly feedPool: Pool;
  close(): Promise<void>;
}

/** Ends the process with 78 when the role of DATABASE_URL stands above row-level security. Throws when Postgres cannot be reached. */
export async function openDatabases({ url, authUrl, feedUrl }: Config['database'], logger: Logger): Promise<Databases> {
  await assertSafeRole(url);
  const onError = (error: Error): void =>
    logger.warn({ error: loggableError(error) }, 'an idle connection to Postgres broke');
  const database = createDatabase({
    url,
    witness: async (tx, tenantId, changes) => {
      await expectRoom(tx, tenantId, changes);
      await witness(tx, tenantId, changes);
    },
  });
  const authPool = createAuthPool(authUrl, onError);
  const feedPool = createFeedPool(feedUrl, onError);
  return {
    database,
    authPool,
    feedPool,
    close: async () => {
      await Promise.all([database.close(), authPool.end(), feedPool.end()]);
    },
  };
}
