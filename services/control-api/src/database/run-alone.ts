// Of several control-apis one does something at a time: it holds an advisory lock on a connection of its own, which Postgres lets
// go when the process dies. What is done must bear to be begun again.
import type { Pool } from '@sluice/prisma';

/** False: another process is at it. */
export async function runAlone(pool: Pool, name: string, use: () => Promise<void>): Promise<boolean> {
  const client = await pool.connect();
  let isWell = false;
  try {
    const { rows } = await client.query<{ got: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS got',
      [name],
    );
    const isLocked = rows[0]?.got === true;
    if (isLocked) {
      await use();
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    }
    isWell = true;
    return isLocked;
  } finally {
    // A connection that may still hold the lock is closed.
    client.release(!isWell);
  }
}
