// The three roles that processes connect as. A migration makes them; here they get their passwords.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type pg from 'pg';

/** app: row-level security, forced. auth: the schema `auth` alone. feed: reads the change feed, writes nothing. */
export const roleNames = { app: 'sluice_app', auth: 'sluice_auth', feed: 'sluice_feed' } as const;

export type RoleKey = keyof typeof roleNames;
export type RolePasswords = Readonly<Record<RoleKey, string>>;

/** The URLs for the three roles on the server and database of `superUrl`. */
export function roleUrls(superUrl: string, passwords: RolePasswords): Record<RoleKey, string> {
  const urlFor = (role: RoleKey): string => {
    const url = new URL(superUrl);
    url.username = roleNames[role];
    url.password = encodeURIComponent(passwords[role]);
    return url.href;
  };
  return { app: urlFor('app'), auth: urlFor('auth'), feed: urlFor('feed') };
}

/** Sends only SCRAM verifiers, so that no password can show up in the server's log. */
export async function setRolePasswords(client: pg.Client, passwords: RolePasswords): Promise<void> {
  for (const [key, name] of Object.entries(roleNames)) {
    const verifier = scramVerifier(passwords[key as RoleKey]);
    await client.query(`ALTER ROLE ${client.escapeIdentifier(name)} PASSWORD ${client.escapeLiteral(verifier)}`);
  }
}

/** What Postgres stores for SCRAM-SHA-256 (RFC 5803). Passwords here are generated, ASCII: SASLprep changes nothing. */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
