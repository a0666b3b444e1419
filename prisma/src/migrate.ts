// Brings a database to this version: applies what is missing, one transaction a migration, under the advisory lock that
// Prisma uses too, and writes the rows of `_prisma_migrations` that `prisma migrate deploy` accepts. Safe to run at every
// start and by several processes at once. It refuses a history that it does not know: an edited or a half-done migration.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { readMigrateConfig } from './config.js';
import { readMigrations, type Migration } from './migrations.js';
import { setRolePasswords, type RolePasswords } from './roles.js';

export interface MigrateOptions {
  /** Of a role that may make schemas and roles; it will own the tables. */
  readonly url: string;
  readonly roles: RolePasswords;
  readonly onProgress?: (text: string) => void;
}

const prismaAdvisoryLock = 72_707_369;

/** Returns the names of the migrations it applied. */
export async function migrate({ url, roles, onProgress = () => undefined }: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations();
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [prismaAdvisoryLock]);
    await client.query(historyTable);
    const missing = await findMissing(client, migrations);
    for (const migration of missing) {
      onProgress(`migrating Postgres: ${migration.name}`);
      await apply(client, migration);
    }
    await setRolePasswords(client, roles);
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

const historyTable = `
  CREATE TABLE IF NOT EXISTS public._prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

interface HistoryRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

async function findMissing(client: pg.Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<HistoryRow>(
    'SELECT migration_name, checksum, finished_at FROM public._prisma_migrations WHERE rolled_back_at IS NULL',
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row]));
  for (const { name, checksum } of migrations) {
    const row = applied.get(name);
    if (row === undefined) continue;
    if (row.finished_at === null)
      throw new Error(
        `the migration ${name} failed half-way in another tool: mark it as rolled back with \`prisma migrate resolve\``,
      );
    if (row.checksum !== checksum)
      throw new Error(
        `the migration ${name} was changed after it had been applied: restore the file and write a new migration`,
      );
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO public._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, transaction_timestamp(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`the migration ${name} failed; nothing of it was kept`, { cause: error });
  }
}

if (import.meta.main) {
  const config = readMigrateConfig(process.env);
  if ('wrong' in config) {
    process.stderr.write(`${config.wrong.join('\n')}\n`);
    process.exit(78);
  }
  const applied = await migrate({ ...config, onProgress: (text) => process.stdout.write(`${text}\n`) });
  process.stdout.write(applied.length === 0 ? 'Postgres is up to date\n' : `applied ${applied.length} migrations\n`);
}
