// Segments that cannot go their way: nothing of them is lost, and nothing of them gets into the numbers.
import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { acknowledgementKey, recordToRow, recordVersion } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { emptyServers, startFixture } from './fixture.js';
import type { Fixture } from './fixture.js';
import { gatewayId, makeSegment, recordOf, ship } from './segments.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterEach(async () => emptyServers(fixture));
afterAll(async () => fixture.stop());

const wholeSegment = 4_294_967_295;
const settled = async (): Promise<void> => {
  await waitFor(async () => (await fixture.queue.getJobCountByTypes('waiting', 'active', 'delayed')) === 0, {
    what: 'the queue is empty',
  });
};

test('poison rows go to dead_letters with their reasons, and all other rows are stored', async () => {
  const bootId = fixture.newBoot();
  const poison = new Map<number, [string, string]>([
    [3, ['not_json', '{"seq": 4']],
    [4, ['not_a_record', '[5]']],
    [5, ['not_a_record', JSON.stringify(recordToRow(recordOf({ seq: 6, boot_id: bootId })).with(2, 'noon'))]],
    [6, ['out_of_range', JSON.stringify(recordToRow(recordOf({ seq: 7, boot_id: bootId, status: 70_000 })))]],
    [7, ['another_boot', JSON.stringify(recordToRow(recordOf({ seq: 8, boot_id: 'boot_of_another' })))]],
    [8, ['another_day', JSON.stringify(recordToRow(recordOf({ seq: 9, boot_id: bootId, time: 0 })))]],
    [9, ['seq_out_of_place', JSON.stringify(recordToRow(recordOf({ seq: 1, boot_id: bootId })))]],
  ]);
  const segment = makeSegment({
    bootId,
    edit: (lines) => {
      for (const [position, [, text]] of poison) lines[position] = text;
    },
  });
  const worker = await fixture.startWorker();
  await ship(fixture.queue, segment);
  await fixture.acknowledged(segment.segmentId);
  expect(await fixture.counts()).toEqual([13, 13, 13]);
  expect(await fixture.deadLetters()).toEqual(
    [...poison].map(([position, [reason, content]]) => ({ segment_id: segment.segmentId, position, reason, content })),
  );
  expect(await fixture.ledgerRows()).toEqual([{ rows: 20, poison_rows: 7 }]);
  expect(await worker.metrics()).toContain('sluice_log_worker_poison_rows_total{reason="not_a_record"} 2');
});

test('another content under the number of a stored segment is quarantined whole, and not counted', async () => {
  const bootId = fixture.newBoot();
  const stored = makeSegment({ bootId });
  const other = makeSegment({ bootId, path: '/something-else' });
  const worker = await fixture.startWorker();
  await ship(fixture.queue, stored);
  await fixture.acknowledged(stored.segmentId);
  await ship(fixture.queue, other);
  await fixture.acknowledged(other.segmentId);
  expect(await fixture.counts()).toEqual([20, 20, 20]);
  const [letter] = await fixture.deadLetters();
  expect(letter).toMatchObject({ segment_id: other.segmentId, position: wholeSegment, reason: 'contradiction' });
  expect(JSON.parse(letter?.content ?? '')).toEqual(other);
  expect(await worker.metrics()).toContain('sluice_log_worker_segments_total{outcome="quarantined"} 1');
  expect(worker.process.lastLines()).toContain('contradicts another');
});

test('of two contents under one number that come at once, one alone is stored', async () => {
  const bootId = fixture.newBoot();
  const pair = [makeSegment({ bootId }), makeSegment({ bootId, path: '/something-else' })];
  await ship(fixture.queue, ...pair);
  await fixture.startWorker();
  await fixture.acknowledged(...pair.map(({ segmentId }) => segmentId));
  expect(await fixture.counts()).toEqual([20, 20, 20]);
  expect((await fixture.deadLetters()).map(({ reason }) => reason)).toEqual(['contradiction']);
});

test('a segment whose rows are not those of its hash is dead-lettered, and not acknowledged at once', async () => {
  const segment = makeSegment({ bootId: fixture.newBoot() });
  const forged = { ...segment, rows: makeSegment({ bootId: fixture.newBoot() }).rows };
  await ship(fixture.queue, forged);
  await fixture.startWorker();
  await settled();
  expect((await fixture.deadLetters()).map(({ reason }) => reason)).toEqual(['sha256_mismatch']);
  expect(await fixture.redis.llen(acknowledgementKey(gatewayId))).toBe(0);
  // The gateway still has it, and ships it again.
  await ship(fixture.queue, segment);
  await fixture.acknowledged(segment.segmentId);
  expect(await fixture.counts()).toEqual([20, 20, 20]);
});

test('a segment that is broken whenever it is shipped is kept in dead_letters, and its gateway may let go of it', async () => {
  const segment = makeSegment({ bootId: fixture.newBoot() });
  const broken = { ...segment, rowCount: 21 };
  const worker = await fixture.startWorker();
  await ship(fixture.queue, broken);
  await settled();
  expect(await fixture.redis.llen(acknowledgementKey(gatewayId))).toBe(0);
  await ship(fixture.queue, broken);
  await fixture.acknowledged(segment.segmentId);
  const [letter, ...others] = await fixture.deadLetters();
  expect(others).toEqual([]);
  expect(letter).toMatchObject({ segment_id: segment.segmentId, position: wholeSegment, reason: 'row_count_mismatch' });
  expect(JSON.parse(letter?.content ?? '')).toEqual(broken);
  expect(await fixture.counts()).toEqual([0, 0, 0]);
  await waitFor(async () => (await worker.metrics()).includes('segments_total{outcome="abandoned"} 1'), {
    what: 'the alarm is raised',
  });
});

test('rows of a gateway whose clock is wrong are kept in dead_letters, and the segment is acknowledged', async () => {
  const bootId = fixture.newBoot();
  const time = Date.UTC(2015, 0, 1, 12);
  const segment = makeSegment({
    bootId,
    rows: 2,
    edit: (lines) => {
      for (const row of lines.keys())
        lines[row] = JSON.stringify(recordToRow(recordOf({ seq: row + 1, boot_id: bootId, time })));
    },
  });
  await fixture.startWorker();
  await ship(fixture.queue, { ...segment, day: '2015-01-01' });
  await fixture.acknowledged(segment.segmentId);
  expect((await fixture.deadLetters()).map(({ position, reason }) => [position, reason])).toEqual([
    [0, 'out_of_range'],
    [1, 'out_of_range'],
  ]);
  expect(await fixture.counts()).toEqual([0, 0, 0]);
});

test('payloads that are none, rows that do not unpack and wrong counts are dead-lettered one by one', async () => {
  const segment = makeSegment({ bootId: fixture.newBoot() });
  const bomb = Buffer.alloc(80 * 1024 * 1024, 'a\n');
  const sha256 = createHash('sha256').update(bomb).digest('hex');
  const payloads = {
    nothing: null,
    anotherId: { ...segment, segmentId: segment.segmentId.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
    notPacked: { ...segment, rows: Buffer.from('plain').toString('base64') },
    tooFew: { ...segment, rowCount: 21 },
    bomb: {
      ...segment,
      sha256,
      segmentId: `${segment.bootId}-0-${sha256.slice(0, 16)}`,
      rows: zstdCompressSync(bomb).toString('base64'),
    },
  };
  await fixture.startWorker();
  for (const [jobId, payload] of Object.entries(payloads)) await fixture.queue.add('segment', payload, { jobId });
  await settled();
  const letters = await fixture.deadLetters();
  expect(letters.map(({ segment_id, reason }) => [segment_id, reason])).toEqual([
    ['anotherId', 'payload_invalid'],
    ['bomb', 'rows_unreadable'],
    ['notPacked', 'rows_unreadable'],
    ['nothing', 'payload_invalid'],
    ['tooFew', 'row_count_mismatch'],
  ]);
  expect(await fixture.counts()).toEqual([0, 0, 0]);
});

test('a segment of a newer record version is held, neither stored nor dead-lettered, and does not stop the others', async () => {
  const newer = { ...makeSegment({ bootId: fixture.newBoot() }), recordVersion: recordVersion + 1 };
  const known = makeSegment({ bootId: fixture.newBoot() });
  const worker = await fixture.startWorker();
  await ship(fixture.queue, newer, known);
  await fixture.acknowledged(known.segmentId);
  await waitFor(async () => (await fixture.queue.getDelayedCount()) === 1, { what: 'the segment is held' });
  expect(await worker.metrics()).toContain('sluice_log_worker_segments_total{outcome="held"} 1');
  expect(await fixture.deadLetters()).toEqual([]);
  expect(await fixture.counts()).toEqual([20, 20, 20]);
  // What a newer worker would find: the whole payload.
  const job = await fixture.queue.getJob(newer.segmentId);
  expect(job?.data).toEqual(newer);
});

test('the closing segment of a boot, without rows, is acknowledged and stands in the ledger', async () => {
  const empty = makeSegment({ bootId: fixture.newBoot(), rows: 0 });
  const closing = { ...empty, isClose: true };
  await fixture.startWorker();
  await ship(fixture.queue, closing);
  await fixture.acknowledged(closing.segmentId);
  expect(await fixture.ledgerRows()).toEqual([{ rows: 0, poison_rows: 0 }]);
});
