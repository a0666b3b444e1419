// The migrations that this version brings along, oldest first.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

export interface Migration {
  /** Of its folder: 14 digits of time, then words. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 in hex: Prisma's checksum. */
  readonly checksum: string;
}

export const migrationsFolder = new URL('../migrations/', import.meta.url);

export async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(migrationsFolder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return await Promise.all(
    names.toSorted().map(async (name) => {
      const sql = await readFile(new URL(`${name}/migration.sql`, migrationsFolder), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
