// What the platform's processes prove themselves with, made once per data folder and kept in `secrets.json` (0600).
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Master keys of the tenants' secrets, for control-api: they are no use to whoever has the databases alone. */
export const secretKeysFile = 'secret-keys';

const names = [
  'authSecret',
  'fleetToken',
  'postgresPassword',
  'clickhousePassword',
  'appPassword',
  'authPassword',
  'feedPassword',
  'migratePassword',
] as const;

export type Secrets = Readonly<Record<(typeof names)[number], string>>;

export const loadSecrets = async (dir: string): Promise<Secrets> => {
  const path = join(dir, 'secrets.json');
  let known: Partial<Record<string, string>> = {};
  try {
    known = JSON.parse(await readFile(path, 'utf8')) as Partial<Record<string, string>>;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) {
      throw new Error(
        `${path} cannot be read. Without it the data beside it is of no use: restore it, or remove ${dir}.`,
        { cause: error },
      );
    }
  }
  const secrets = Object.fromEntries(names.map((name) => [name, known[name] ?? randomBytes(24).toString('base64url')]));
  if (names.some((name) => known[name] === undefined)) {
    await writeFile(path, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  }
  await makeSecretKeys(dir);
  return secrets as Secrets;
};

/** One that is there stays: what it has sealed opens by it alone. A key that an operator puts in front of it rotates. */
const makeSecretKeys = async (dir: string): Promise<void> => {
  try {
    await writeFile(join(dir, secretKeysFile), `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
};
