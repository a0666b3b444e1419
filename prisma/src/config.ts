// The environment of `node prisma/dist/migrate.js`: where to migrate, and the passwords to give to the three roles. Each
// name may end in _FILE instead, and then names a file that holds the value.
import { readFileSync } from 'node:fs';
import type { MigrateOptions } from './migrate.js';

const names = {
  url: 'MIGRATE_DATABASE_URL',
  app: 'APP_DATABASE_PASSWORD',
  auth: 'AUTH_DATABASE_PASSWORD',
  feed: 'FEED_DATABASE_PASSWORD',
} as const;

/** The options, or one line for each wrong name. Values are never among them. */
export function readMigrateConfig(env: NodeJS.ProcessEnv): MigrateOptions | { readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  const read = (name: string): string => {
    const value = env[name] ?? readValueFile(env[`${name}_FILE`], `${name}_FILE`, wrong);
    if (value === undefined || value === '')
      wrong.push(`${name}: is missing; set it, or ${name}_FILE to a file that holds it`);
    return value ?? '';
  };
  const url = read(names.url);
  const roles = { app: read(names.app), auth: read(names.auth), feed: read(names.feed) };
  const protocol = URL.parse(url)?.protocol;
  if (url !== '' && protocol !== 'postgres:' && protocol !== 'postgresql:')
    wrong.push(`${names.url}: write postgres://user:password@host:port/database`);
  return wrong.length > 0 ? { wrong } : { url, roles };
}

function readValueFile(path: string | undefined, name: string, wrong: string[]): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    wrong.push(`${name}: the file cannot be read`);
    return undefined;
  }
}
