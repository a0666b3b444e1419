// Redis or ClickHouse goes away and comes back: segments wait, nothing is lost, and the worker says so.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitFor } from '@sluice/local-stack';
import { emptyServers, startFixture } from './fixture.js';
import type { Fixture } from './fixture.js';
import { makeSegment, ship } from './segments.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterEach(async () => emptyServers(fixture));
afterAll(async () => fixture.stop());

const someSegments = (count: number) => {
  const bootId = fixture.newBoot();
  return Array.from({ length: count }, (_, index) => makeSegment({ bootId, index }));
};

test('while ClickHouse is down, segments wait and readiness says so; when it is back, all are stored once', async () => {
  const worker = await fixture.startWorker();
  await waitFor(async () => (await worker.readiness()).status === 200, { what: 'the worker is ready' });
  const segments = someSegments(12);
  await fixture.restartClickHouse(async () => {
    await ship(fixture.queue, ...segments);
    const down = await waitFor(
      async () => {
        const readiness = await worker.readiness();
        return readiness.status === 503 && readiness;
      },
      { what: 'the worker is not ready' },
    );
    expect(down.body).toMatchObject({ ok: false, redis: 'up', clickhouse: expect.stringContaining('away since') });
    expect(await fixture.queue.getJobCountByTypes('waiting', 'active', 'delayed')).toBe(12);
    expect(await worker.metrics()).toContain('sluice_log_worker_clickhouse_up 0');
  });
  await fixture.acknowledged(...segments.map(({ segmentId }) => segmentId));
  expect(await fixture.counts()).toEqual([240, 240, 240]);
  expect((await worker.readiness()).status).toBe(200);
});

test('a worker that starts while ClickHouse is down waits for it', async () => {
  const segments = someSegments(3);
  await ship(fixture.queue, ...segments);
  await fixture.restartClickHouse(async () => {
    const worker = await fixture.startWorker();
    await waitFor(async () => (await worker.readiness()).status === 503, {
      what: 'the worker says that ClickHouse is away',
    });
  });
  await fixture.acknowledged(...segments.map(({ segmentId }) => segmentId));
  expect(await fixture.counts()).toEqual([60, 60, 60]);
});

test('ClickHouse that refuses a segment for a while is asked again, and the segment is stored once', async () => {
  const [segment] = someSegments(1);
  if (segment === undefined) throw new Error('no segment');
  await fixture.clickhouse.command({ query: 'RENAME TABLE segments TO segments_gone' });
  const worker = await fixture.startWorker();
  await ship(fixture.queue, segment);
  await waitFor(async () => (await worker.metrics()).match(/outcome="failed"\} [2-9]/) !== null, {
    what: 'two attempts failed',
  });
  await fixture.clickhouse.command({ query: 'RENAME TABLE segments_gone TO segments' });
  await fixture.acknowledged(segment.segmentId);
  expect(await fixture.counts()).toEqual([20, 20, 20]);
});

test('Redis that restarts empty loses no record: what was not acknowledged is shipped again, and counts once', async () => {
  const worker = await fixture.startWorker();
  const [before, ...rest] = someSegments(6);
  if (before === undefined) throw new Error('no segment');
  await ship(fixture.queue, before);
  await fixture.acknowledged(before.segmentId);
  await ship(fixture.queue, ...rest);
  await fixture.restartRedis();
  await waitFor(async () => (await worker.readiness()).status === 200, {
    what: 'the worker found Redis again',
    timeoutMs: 20_000,
  });
  // The gateway has seen none of the acknowledgements.
  await ship(fixture.queue, before, ...rest);
  await fixture.acknowledged(before.segmentId, ...rest.map(({ segmentId }) => segmentId));
  expect(await fixture.counts()).toEqual([120, 120, 120]);
});

test('a worker that is told to stop finishes what it has begun, and exits with 0', async () => {
  const worker = await fixture.startWorker();
  const segments = someSegments(10);
  await ship(fixture.queue, ...segments);
  const exit = await worker.process.stop();
  expect(exit.code).toBe(0);
  await waitFor(async () => (await fixture.queue.getActiveCount()) === 0, { what: 'no segment is left behind' });
  const [rows, distinct, rollup] = await fixture.counts();
  expect([distinct, rollup]).toEqual([rows, rows]);
  expect(rows).toBe((await fixture.ledgerRows()).length * 20);
});
