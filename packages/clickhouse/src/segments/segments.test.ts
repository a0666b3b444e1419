import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bootTestServers } from '@sluice/local-stack';
import type { BootedTestServers } from '@sluice/local-stack';
import { z } from 'zod';
import { createClickHouse } from '../client.js';
import type { ClickHouseClient } from '../client.js';
import { migrateClickHouse } from '../migrations/migrate.js';
import { readMigrations } from '../migrations/read-migrations.js';
import { renderMigration } from '../migrations/topology.js';
import { queryRequestById } from '../queries/request-by-id.js';
import { countRollup, countRows, wholeMinutesOf } from '../queries/row-counts.js';
import { querySegmentsByBoot } from '../queries/segments-by-boot.js';
import { readRows } from '../read-rows.js';
import { bootId, recordOf, segmentOf } from '../record-fixture.js';
import { completeSegment } from './complete-segment.js';
import { insertDeadLetters, wholeSegment } from './dead-letters.js';
import { findLedgerEntries, writeLedgerEntry } from './ledger.js';
import { insertRecords, insertSegment } from './segment-rows.js';

let servers: BootedTestServers<{ clickhouse: true }>;
let client: ClickHouseClient;
let database = 0;
beforeAll(async () => {
  servers = await bootTestServers({ clickhouse: true });
});
afterAll(async () => servers.stop());
beforeEach(async () => {
  database += 1;
  const url = new URL(servers.clickhouse.url);
  url.pathname = `/segments_${database}`;
  await migrateClickHouse(url.href);
  client = createClickHouse(url.href);
  return async () => client.close();
});

const now = Date.now();
const scope = wholeMinutesOf({
  tenantId: 'ten_a',
  environmentId: 'env_a',
  from: new Date(now - 60_000),
  to: new Date(now + 60_000),
});
const tenRecords = () => Array.from({ length: 10 }, (_, index) => recordOf({ seq: index + 1, time: now + index }));
const counts = async () => [(await countRows(client, scope)).rows, (await countRollup(client, scope)).rows];

test('a segment that is inserted three times counts once, in the rows and in the roll-up', async () => {
  const segment = segmentOf(0, tenRecords());
  for (let attempt = 0; attempt < 3; attempt += 1) await insertSegment(client, segment);
  expect(await counts()).toEqual([10, 10]);
});

test('a roll-up that a crash left behind the rows is repaired by the next attempt, once', async () => {
  const segment = segmentOf(0, tenRecords());
  const view = readMigrations()
    .flatMap(({ text }) => renderMigration(text, { kind: 'single' }))
    .find((statement) => statement.includes('requests_1m_view'));
  if (view === undefined) throw new Error('no view');
  await client.command({ query: 'DROP VIEW requests_1m_view' });
  await insertSegment(client, segment);
  expect(await counts()).toEqual([10, 0]);
  await client.command({ query: view });
  expect(await completeSegment(client, segment)).toBe('present_rollup_checked');
  expect(await counts()).toEqual([10, 10]);
  expect(await completeSegment(client, segment)).toBe('present_rollup_checked');
  expect(await counts()).toEqual([10, 10]);
});

test('of a segment that is there in part, the missing rows alone are inserted', async () => {
  const segment = segmentOf(0, tenRecords());
  await insertRecords(client, segment, segment.records.slice(2, 6), 'an insert that broke off');
  expect(await completeSegment(client, segment)).toBe('completed');
  expect(await counts()).toEqual([10, 10]);
  expect((await countRows(client, scope)).distinct).toBe(10);
});

test('a segment whose rows stand there twice is told as doubled, and not inserted again', async () => {
  const segment = segmentOf(0, tenRecords());
  await insertRecords(client, segment, segment.records, 'one token');
  await insertRecords(client, segment, segment.records, 'another token');
  expect(await completeSegment(client, segment)).toBe('doubled');
  expect(await counts()).toEqual([20, 20]);
});

test('the rows of another segment of the same boot are not taken for this one', async () => {
  await insertSegment(client, segmentOf(0, tenRecords()));
  await insertSegment(client, segmentOf(1, tenRecords(), 'b'.repeat(16)));
  const again = segmentOf(1, tenRecords(), 'c'.repeat(16));
  expect(await completeSegment(client, again)).toBe('inserted');
  expect((await countRows(client, scope)).rows).toBe(30);
});

test('text that is not Unicode is stored with replacement characters, and does not hold up its segment', async () => {
  const record = recordOf({ time: now, client_request_id: '\ud800', path: '/a\udfff' });
  await insertSegment(client, segmentOf(0, [record]));
  const requestId = `req_${record.id.replaceAll('-', '')}`;
  const stored = await queryRequestById(client, { tenantId: 'ten_a', environmentId: 'env_a', requestId });
  expect(stored?.path).toBe('/a\ufffd');
});

test('the ledger holds a segment once however often it is written, and shows a gap and a contradiction', async () => {
  const entry = (index: number, firstSeq: number, sha256: string) => ({
    version: 1 as const,
    recordVersion: 1,
    segmentId: `${bootId}-${index}-${sha256.slice(0, 16)}`,
    gatewayId: 'gw_1',
    bootId,
    index,
    firstSeq,
    rowCount: 10,
    isClose: false,
    day: '2026-11-23',
    sha256,
  });
  const zero = entry(0, 1, 'a'.repeat(64));
  for (let attempt = 0; attempt < 3; attempt += 1) await writeLedgerEntry(client, zero, 2);
  expect(await findLedgerEntries(client, bootId, 0)).toEqual([{ segmentId: zero.segmentId, sha256: zero.sha256 }]);
  expect(await findLedgerEntries(client, bootId, 1)).toEqual([]);
  await writeLedgerEntry(client, entry(1, 11, 'b'.repeat(64)), 0);
  const [whole] = await querySegmentsByBoot(client, { gatewayId: 'gw_1' });
  expect(whole).toEqual({
    bootId,
    segments: 2,
    rows: 20,
    poisonRows: 2,
    firstIndex: 0,
    lastIndex: 1,
    hasNoGap: true,
    contradictions: 0,
    isClosed: false,
  });
  await writeLedgerEntry(client, entry(3, 31, 'c'.repeat(64)), 0);
  await writeLedgerEntry(client, entry(3, 31, 'd'.repeat(64)), 0);
  const [torn] = await querySegmentsByBoot(client, { gatewayId: 'gw_1' });
  expect(torn).toMatchObject({ segments: 3, hasNoGap: false, contradictions: 1 });
});

test('a dead letter that is sent again is one letter, whole and with its reason', async () => {
  const letter = {
    segmentId: 's',
    position: wholeSegment,
    gatewayId: 'gw_1',
    bootId,
    reason: 'hash',
    detail: 'why',
    content: '{"a":"b\\n\\n"}\n\nx',
  };
  await insertDeadLetters(client, [letter]);
  await insertDeadLetters(client, [letter]);
  const rows = await readRows(
    client,
    'SELECT content, position FROM dead_letters FINAL',
    {},
    z.object({ content: z.string(), position: z.int() }),
  );
  expect(rows).toEqual([{ content: letter.content, position: wholeSegment }]);
});
