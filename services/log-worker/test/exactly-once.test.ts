// A worker dies, or ClickHouse's answer is lost, at each point of a segment's way: in the end every row counts once.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cellsOf, recordToRow, recordVersion } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { emptyServers, startFixture } from './fixture.js';
import type { Fixture } from './fixture.js';
import { makeSegment, recordOf, ship } from './segments.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterEach(async () => emptyServers(fixture));
afterAll(async () => fixture.stop());

const points = [
  { table: 'requests', moment: 'before', name: 'before its rows are inserted' },
  { table: 'requests', moment: 'after', name: 'between rows and ledger' },
  { table: 'segments', moment: 'before', name: 'before the ledger row is written' },
  { table: 'segments', moment: 'after', name: 'between ledger and acknowledgement' },
] as const;

test.each(points)('a worker killed $name leaves every row in ClickHouse once', async ({ table, moment }) => {
  const segment = makeSegment({ bootId: fixture.newBoot() });
  const first = await fixture.startWorker();
  let isKilled = false;
  fixture.proxy.intercept = async (statement, when) => {
    if (isKilled || when !== moment || !statement.startsWith(`INSERT INTO ${table} `)) return 'pass';
    isKilled = true;
    await first.process.kill();
    return 'lose_answer';
  };
  await ship(fixture.queue, segment);
  await waitFor(() => isKilled, { what: 'the worker is killed' });
  await fixture.startWorker();
  await fixture.acknowledged(segment.segmentId);
  expect(await fixture.counts()).toEqual([20, 20, 20]);
  expect(await fixture.ledgerRows()).toEqual([{ rows: 20, poison_rows: 0 }]);
});

test.each(points)('an answer of ClickHouse that is lost $name leaves every row once', async ({ table, moment }) => {
  const segments = [0, 1, 2].map((index) => makeSegment({ bootId: fixture.newBoot(), index }));
  let lost = 0;
  fixture.proxy.intercept = (statement, when) => {
    if (lost >= 2 || when !== moment || !statement.startsWith(`INSERT INTO ${table} `)) return 'pass';
    lost += 1;
    return 'lose_answer';
  };
  await fixture.startWorker();
  await ship(fixture.queue, ...segments);
  await fixture.acknowledged(...segments.map(({ segmentId }) => segmentId));
  expect(lost).toBe(2);
  expect(await fixture.counts()).toEqual([60, 60, 60]);
});

test('workers that are killed one after the other during the traffic lose nothing and double nothing', async () => {
  const bootId = fixture.newBoot();
  const segments = Array.from({ length: 40 }, (_, index) => makeSegment({ bootId, index }));
  let inserts = 0;
  fixture.proxy.intercept = (statement, moment) => {
    if (moment === 'after' && statement.startsWith('INSERT')) inserts += 1;
    return 'pass';
  };
  let worker = await fixture.startWorker();
  const shipping = ship(fixture.queue, ...segments);
  for (let kill = 1; kill <= 4; kill += 1) {
    const reached = kill * 9;
    await waitFor(() => inserts >= reached, { what: `${reached} inserts are done`, intervalMs: 1, timeoutMs: 30_000 });
    await worker.process.kill();
    worker = await fixture.startWorker();
  }
  await shipping;
  await fixture.acknowledged(...segments.map(({ segmentId }) => segmentId));
  expect(await fixture.counts()).toEqual([800, 800, 800]);
  expect((await fixture.ledgerRows()).length).toBe(40);
});

test('a segment that is shipped again after it was stored is acknowledged at once, without an insert', async () => {
  const segment = makeSegment({ bootId: fixture.newBoot() });
  const worker = await fixture.startWorker();
  await ship(fixture.queue, segment);
  await fixture.acknowledged(segment.segmentId);
  // As when Redis has lost everything: no claim, no acknowledgement, no memory of the job.
  await fixture.redis.flushall();
  const inserts: string[] = [];
  fixture.proxy.intercept = (statement) => {
    if (statement.startsWith('INSERT')) inserts.push(statement);
    return 'pass';
  };
  await ship(fixture.queue, segment);
  await fixture.acknowledged(segment.segmentId);
  expect(inserts).toEqual([]);
  expect(await fixture.counts()).toEqual([20, 20, 20]);
  expect(await worker.metrics()).toContain('sluice_log_worker_segments_total{outcome="acknowledged_again"} 1');
});

test('two workers share a queue, and every row counts once', async () => {
  const bootId = fixture.newBoot();
  const segments = Array.from({ length: 20 }, (_, index) => makeSegment({ bootId, index }));
  await Promise.all([fixture.startWorker(), fixture.startWorker()]);
  await ship(fixture.queue, ...segments);
  await fixture.acknowledged(...segments.map(({ segmentId }) => segmentId));
  expect(await fixture.counts()).toEqual([400, 400, 400]);
});

test('a request that left a record of its begin and one of its end is stored with both, and counts once', async () => {
  const bootId = fixture.newBoot();
  const begun = recordOf({ seq: 1, boot_id: bootId, phase: 'begin' });
  const underWay = recordOf({ seq: 3, boot_id: bootId, phase: 'begin' });
  const records = [begun, { ...begun, seq: 2, phase: 'end' as const }, underWay];
  const segment = makeSegment({
    bootId,
    rows: records.length,
    edit: (lines) => lines.splice(0, 3, ...records.map((record) => JSON.stringify(recordToRow(record)))),
  });
  await fixture.startWorker();
  await ship(fixture.queue, segment);
  await fixture.acknowledged(segment.segmentId);
  expect(await fixture.counts()).toEqual([1, 1, 1]);
  expect(await fixture.ledgerRows()).toEqual([{ rows: 3, poison_rows: 0 }]);
  expect(await phases()).toEqual([
    { phase: 'begin', rows: 2 },
    { phase: 'end', rows: 1 },
  ]);
});

test('a gateway of the record version before is understood: each of its rows is a whole request', async () => {
  const before = makeSegment({
    bootId: fixture.newBoot(),
    edit: (lines) => {
      for (const [row, line] of lines.entries())
        lines[row] = JSON.stringify((JSON.parse(line) as unknown[]).slice(0, cellsOf(recordVersion - 1)));
    },
  });
  await fixture.startWorker();
  await ship(fixture.queue, { ...before, recordVersion: recordVersion - 1 });
  await fixture.acknowledged(before.segmentId);
  expect(await fixture.counts()).toEqual([20, 20, 20]);
  expect(await fixture.deadLetters()).toEqual([]);
  expect(await phases()).toEqual([{ phase: 'whole', rows: 20 }]);
});

async function phases(): Promise<unknown[]> {
  const query = 'SELECT phase, toUInt32(count()) AS rows FROM requests GROUP BY phase ORDER BY phase';
  return (await fixture.clickhouse.query({ query, format: 'JSONEachRow' })).json();
}
