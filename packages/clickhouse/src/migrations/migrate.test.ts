import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootTestServers } from '@sluice/local-stack';
import type { BootedTestServers } from '@sluice/local-stack';
import { z } from 'zod';
import { createClickHouse } from '../client.js';
import { readRows } from '../read-rows.js';
import { migrateClickHouse } from './migrate.js';
import { readMigrations } from './read-migrations.js';
import { deduplicationWindow, renderMigration } from './topology.js';

let servers: BootedTestServers<{ clickhouse: true }>;
beforeAll(async () => {
  servers = await bootTestServers({ clickhouse: true });
});
afterAll(async () => servers.stop());

function urlOf(database: string): string {
  const url = new URL(servers.clickhouse.url);
  url.pathname = `/${database}`;
  return url.href;
}

const cluster = { kind: 'cluster', cluster: 'main_fleet' } as const;

test('two processes that start at once both end with the whole schema, and a third finds nothing to do', async () => {
  const url = urlOf('at_once');
  await Promise.all([migrateClickHouse(url), migrateClickHouse(url)]);
  expect(await migrateClickHouse(url)).toEqual([]);
  const client = createClickHouse(url);
  const tables = await readRows(
    client,
    `SELECT name FROM system.tables WHERE database = 'at_once'`,
    {},
    z.object({ name: z.string() }),
  );
  const names = tables.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'requests',
      'requests_1m',
      'requests_1m_view',
      'latency_1m',
      'latency_1m_view',
      'segments',
      'dead_letters',
    ]),
  );
  await client.close();
});

test('a migration that broke off half-way is finished by the next start', async () => {
  const url = urlOf('half_way');
  const [first] = readMigrations();
  if (first === undefined) throw new Error('there are no migrations');
  const broken = { ...first, text: `${first.text}\nCREATE TABLE nonsense;`, sha256: first.sha256 };
  await expect(migrateClickHouse(url, { migrations: [broken] })).rejects.toThrow('Incorrect CREATE query');
  expect(await migrateClickHouse(url)).toEqual(readMigrations().map(({ name }) => name));
});

test('a migration file that was changed after it was applied is refused by name', async () => {
  const url = urlOf('changed');
  await migrateClickHouse(url);
  const changed = readMigrations().map((migration, index) =>
    index === 1 ? Object.assign(migration, { sha256: 'f'.repeat(64) }) : migration,
  );
  await expect(migrateClickHouse(url, { migrations: changed })).rejects.toThrow('0002-roll-ups');
});

test('what stood there before the phase of a record is whole, as is what a log-worker of before inserts, and begin counts nowhere', async () => {
  const url = urlOf('phases');
  await migrateClickHouse(url, { migrations: readMigrations().slice(0, 3) });
  const client = createClickHouse(url);
  const insert = async (more: Record<string, string> = {}): Promise<void> => {
    const values = [{ tenant_id: 'ten_a', time: Date.now(), arm: 'stable', ...more }];
    await client.insert({ table: 'requests', format: 'JSONEachRow', values });
  };
  await insert({ credential_id: 'key_before' });
  expect(await migrateClickHouse(url)).toEqual(
    readMigrations()
      .slice(3)
      .map(({ name }) => name),
  );
  await insert();
  await insert({ phase: 'begin' });
  const count = async (sql: string): Promise<unknown[]> => readRows(client, sql, {}, z.record(z.string(), z.unknown()));
  expect(await count('SELECT phase, count() AS n FROM requests GROUP BY phase ORDER BY phase')).toEqual([
    { phase: 'whole', n: 2 },
    { phase: 'begin', n: 1 },
  ]);
  expect(await count('SELECT sum(requests) AS n FROM requests_1m')).toEqual([{ n: 2 }]);
  expect(await count('SELECT credential_id FROM credential_uses')).toEqual([{ credential_id: 'key_before' }]);
  await client.close();
});

test('every statement of every migration can be repeated', () => {
  const statements = readMigrations().flatMap(({ text }) => renderMigration(text, cluster));
  expect(statements.length).toBeGreaterThan(5);
  // What fills a table with a maximum of others' rows is the same, done twice.
  for (const statement of statements)
    expect(statement).toMatch(
      /IF (NOT )?EXISTS|MODIFY QUERY|^INSERT INTO credential_uses\nSELECT .* max\(time\) AS newest/,
    );
});

test('the cluster form of every statement is Replicated, ON CLUSTER, and is parsed by the engine', async () => {
  const client = createClickHouse(servers.clickhouse.url);
  const statements = readMigrations().flatMap(({ text }) => renderMigration(text, cluster));
  const [inserts, rest] = [true, false].map((isInsert) =>
    statements.filter((statement) => statement.startsWith('INSERT') === isInsert),
  );
  // Through the Distributed tables.
  for (const statement of inserts ?? []) expect(statement).not.toContain('_local');
  for (const statement of rest ?? []) {
    expect(statement).toContain("ON CLUSTER 'main_fleet'");
    expect(statement).not.toMatch(/non_replicated|\{\{/);
    expect(statement).toMatch(/^ALTER TABLE|MATERIALIZED VIEW|ENGINE = (Replicated\w*MergeTree|Distributed\()/);
  }
  for (const statement of statements) await client.command({ query: `EXPLAIN AST ${statement}` });
  await expect(client.command({ query: 'EXPLAIN AST CREATE TABLE t ON x' })).rejects.toThrow('Syntax error');
  await client.close();
});

test('every table that an insert reaches remembers its token', async () => {
  const url = urlOf('window');
  await migrateClickHouse(url);
  const client = createClickHouse(url);
  const rows = await readRows(
    client,
    `SELECT name, engine_full FROM system.tables WHERE database = 'window' AND engine LIKE '%MergeTree' AND name != 'migrations'`,
    {},
    z.object({ name: z.string(), engine_full: z.string() }),
  );
  expect(rows.length).toBe(6);
  for (const row of rows)
    expect(row.engine_full).toContain(`non_replicated_deduplication_window = ${deduplicationWindow}`);
  await client.close();
});

test('an unknown placeholder in a migration is an error, not SQL', () => {
  expect(() => renderMigration('CREATE TABLE {{tabel:x}} (a Int8);', cluster)).toThrow('{{tabel:x}}');
});
