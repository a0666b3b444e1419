// Who signs up with an address that nobody has proven yet starts anew: otherwise the first to type a stranger's address
// would choose the password of the account that the stranger then confirms.
import type { Pool } from '@sluice/prisma';

export async function forgetUnverified(pool: Pool, email: string): Promise<void> {
  await pool.query('DELETE FROM auth.identity WHERE email = $1 AND NOT email_verified', [email]);
}
