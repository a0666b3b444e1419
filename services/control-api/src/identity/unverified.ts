// Accounts whose address nobody has proven yet.
import type { Pool } from '@sluice/prisma';

/**
 * Who signs up with such an address starts anew: otherwise the first to type a stranger's address would choose the password
 * of the account that the stranger then confirms.
 */
export async function forgetUnverified(pool: Pool, email: string): Promise<void> {
  await pool.query('DELETE FROM auth.identity WHERE email = $1 AND NOT email_verified', [email]);
}

export async function findUnverified(pool: Pool, email: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM auth.identity WHERE email = $1 AND NOT email_verified',
    [email],
  );
  return rows[0]?.id;
}
