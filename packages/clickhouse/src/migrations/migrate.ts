// Brings a ClickHouse database to this version's schema. ClickHouse has no lock and no transaction over statements, so
// every statement of a migration can be repeated (IF NOT EXISTS and the like; a test checks it): two processes that
// start at once both succeed, and one that died half-way is finished by the next. The table `migrations` says what was
// applied, with the file's hash: a file that was changed afterwards is refused.
import { z } from 'zod';
import { createClickHouse } from '../client.js';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';
import { readMigrations } from './read-migrations.js';
import type { Migration } from './read-migrations.js';
import { renderMigration } from './topology.js';
import type { Topology } from './topology.js';

export interface MigrateOptions {
  readonly topology?: Topology;
  readonly migrations?: readonly Migration[];
}

/**
 * Creates the URL's database and applies what is missing. @returns the names that were applied now, in order.
 * Rejects when ClickHouse is away or refuses a statement; running it again goes on from there.
 */
export async function migrateClickHouse(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const topology = options.topology ?? { kind: 'single' };
  await createDatabase(url, topology);
  const client = createClickHouse(url, { application: 'sluice-migrate', requestTimeoutMs: 120_000 });
  try {
    return await applyMissing(client, options.migrations ?? readMigrations(), topology);
  } finally {
    await client.close();
  }
}

const ledger = `
CREATE TABLE IF NOT EXISTS {{table:migrations}}{{on_cluster}}
(
    name       String,
    sha256     FixedString(64)      COMMENT 'of the file, hex',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY name;

-- cluster only
CREATE TABLE IF NOT EXISTS migrations{{on_cluster}} AS {{table:migrations}}
ENGINE = Distributed('{{cluster}}', currentDatabase(), '{{table:migrations}}', cityHash64(name));
`;

async function applyMissing(
  client: ClickHouseClient,
  migrations: readonly Migration[],
  topology: Topology,
): Promise<string[]> {
  for (const statement of renderMigration(ledger, topology)) await client.command({ query: statement });
  const rows = await readRows(
    client,
    'SELECT name, sha256 FROM migrations FINAL',
    {},
    z.object({ name: z.string(), sha256: z.string() }),
  );
  const applied = new Map(rows.map((row) => [row.name, row.sha256]));
  const changed = migrations.find(({ name, sha256 }) => applied.has(name) && applied.get(name) !== sha256);
  if (changed !== undefined) {
    throw new Error(
      `the ClickHouse migration ${changed.name} was applied with another content; undo the change and write a new file`,
    );
  }
  const missing = migrations.filter(({ name }) => !applied.has(name));
  for (const { name, text, sha256 } of missing) {
    for (const statement of renderMigration(text, topology)) await client.command({ query: statement });
    await client.insert({
      table: 'migrations',
      columns: ['name', 'sha256'],
      values: [[name, sha256]],
      format: 'JSONCompactEachRow',
    });
  }
  return missing.map(({ name }) => name);
}

async function createDatabase(url: string, topology: Topology): Promise<void> {
  const parsed = new URL(url);
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (database === '' || database === 'default') return;
  if (!/^\w+$/.test(database))
    throw new Error('the database of CLICKHOUSE_URL may contain letters, digits and underscores alone');
  parsed.pathname = '/default';
  const client = createClickHouse(parsed.href, { application: 'sluice-migrate' });
  try {
    const onCluster = topology.kind === 'cluster' ? ` ON CLUSTER '${topology.cluster}'` : '';
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}${onCluster}` });
  } finally {
    await client.close();
  }
}
