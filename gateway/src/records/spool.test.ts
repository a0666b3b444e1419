import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile, rename, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { zstdDecompressSync } from 'node:zlib';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  acknowledgementKey,
  rowToRecord,
  segmentJobSchema,
  segmentQueueName,
  type RequestRecord,
  type SegmentJob,
} from '@sluice/contracts';
import {
  freePort,
  startRedis,
  temporaryFolder,
  waitFor,
  type RunningRedis,
  type TemporaryFolder,
} from '@sluice/local-stack';
import { sha256Of } from './segment-content.js';
import { sampleRecord, trySpool, type TriedSpool } from './try-spool.js';

let redis: RunningRedis;
let client: Redis;
let queue: Queue;
let folder: TemporaryFolder;
const spools: TriedSpool[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url, { maxRetriesPerRequest: null });
  queue = new Queue(segmentQueueName, { connection: client });
});
beforeEach(async () => {
  folder = await temporaryFolder();
  await client.flushall();
});
afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await Promise.all(spools.splice(0).map((spool) => spool.stop()));
  await folder.remove();
});
afterAll(async () => {
  await queue.close();
  client.disconnect();
  await redis.stop();
});

const spool = async (options: Parameters<typeof trySpool>[2] = {}, url = redis.url): Promise<TriedSpool> => {
  const one = await trySpool(folder.path, url, { stopWithinMs: 100, ...options });
  spools.push(one);
  return one;
};

/** Acts as the log-worker: takes every job, checks it, acknowledges its segment. */
const seen = new Map<string, SegmentJob>();
const consume = async (isAcknowledging = true): Promise<RequestRecord[]> => {
  for (const job of await queue.getJobs(['waiting', 'prioritized', 'delayed'])) {
    const segment = segmentJobSchema.parse(job.data);
    expect(job.id).toBe(segment.segmentId);
    seen.set(segment.segmentId, segment);
    if (!isAcknowledging) continue;
    await job.remove();
    await client.lpush(acknowledgementKey(segment.gatewayId), segment.segmentId);
  }
  return [...seen.values()].flatMap(recordsOf).toSorted((one, other) => one.seq - other.seq);
};
beforeEach(() => seen.clear());

const recordsOf = (segment: SegmentJob): RequestRecord[] => {
  const rows = zstdDecompressSync(Buffer.from(segment.rows, 'base64'));
  expect(sha256Of(rows)).toBe(segment.sha256);
  const lines = rows.toString().split('\n').slice(0, -1);
  expect(lines).toHaveLength(segment.rowCount);
  return lines.map((line, index) => {
    const record = rowToRecord(JSON.parse(line)).data;
    expect(record?.seq).toBe(segment.firstSeq + index);
    expect(new Date(record!.time).toISOString().slice(0, 10)).toBe(segment.day);
    return record!;
  });
};
const consumeUntil = (count: number): Promise<RequestRecord[]> =>
  waitFor(
    async () => {
      const records = await consume();
      return records.length >= count && records;
    },
    { what: `${count} records were shipped` },
  );
const filesOf = async (): Promise<string[]> =>
  (await readdir(folder.path, { recursive: true })).filter((name) => /\.(open|sealed|damaged)$/.test(name));
const writeRows = async ({ writer }: TriedSpool, count: number, changes = {}): Promise<void> => {
  for (let row = 0; row < count; row += 1) writer.write(sampleRecord({ path: `/${row}`, ...changes }));
  await writer.flush();
};
const pathsOf = (records: readonly RequestRecord[]): string[] => records.map(({ path }) => path);
const paths = (count: number): string[] => Array.from({ length: count }, (_, row) => `/${row}`);

const run = async (url = redis.url): Promise<{ child: ChildProcess; bootId: string; flushed: () => number }> => {
  const child = spawn(
    process.execPath,
    ['--import', './test/run-typescript.mjs', 'src/records/try-spool.ts', folder.path, url],
    {
      cwd: join(import.meta.dirname, '../..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  let flushed = 0;
  let bootId = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as { bootId?: string; flushed?: number };
    bootId ||= said.bootId ?? '';
    flushed = said.flushed ?? flushed;
  });
  await waitFor(() => flushed > 0, { what: 'the child has flushed rows' });
  return { child, bootId, flushed: () => flushed };
};
const kill = async (child: ChildProcess): Promise<void> => {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
};

describe('the spool', () => {
  test('every record is shipped once, in order and numbered without gaps, and its file deleted when acknowledged', async () => {
    const one = await spool();
    await writeRows(one, 5000);
    const records = await consumeUntil(5000);
    expect(pathsOf(records)).toEqual(paths(5000));
    expect(new Set(records.map(({ boot_id: bootId }) => bootId))).toEqual(new Set([one.bootId]));
    expect([...seen.values()].every(({ rowCount, isClose }) => rowCount <= 2000 && !isClose)).toBe(true);
    await waitFor(async () => (await filesOf()).every((name) => name.endsWith('.open')), {
      what: 'acknowledged segments are deleted',
    });
  });

  test('a boot ends with a close segment, and leaves no folder when all is acknowledged', async () => {
    const one = await spool({ stopWithinMs: 10_000 });
    await writeRows(one, 3);
    await consumeUntil(3);
    const stopped = one.stop();
    const close = await waitFor(async () => (await consume()) && [...seen.values()].find(({ isClose }) => isClose), {
      what: 'the close segment is shipped',
    });
    await stopped;
    expect(close).toMatchObject({ rowCount: 0, firstSeq: 4, index: 1 });
    expect(await readdir(folder.path)).toEqual([]);
    spools.length = 0;
  });

  test('rows of two days never share a segment', async () => {
    const one = await spool();
    const midnight = Date.UTC(2026, 10, 23);
    for (let row = 0; row < 20; row += 1)
      one.writer.write(sampleRecord({ path: `/${row}`, time: midnight + (row < 10 ? -1 : 0) }));
    expect(pathsOf(await consumeUntil(20))).toEqual(paths(20));
    expect([...seen.values()].map(({ day, rowCount }) => `${day} ${rowCount}`).toSorted()).toEqual([
      '2026-11-22 10',
      '2026-11-23 10',
    ]);
  });

  test('records wait on disk while Redis is down, and are shipped when it is up', async () => {
    const port = await freePort();
    const one = await spool({}, `redis://127.0.0.1:${port}`);
    await writeRows(one, 100);
    await waitFor(async () => (await one.metric('sluice_segments_waiting')) === 1, { what: 'the segment waits' });
    const late = await startRedis({ port });
    try {
      const own = new Redis(late.url);
      const key = `bull:${segmentQueueName}:wait`;
      const [id] = await waitFor(async () => (await own.lrange(key, 0, -1)).length > 0 && own.lrange(key, 0, -1), {
        what: 'the job is in Redis',
      });
      expect(id).toContain(one.bootId);
      await own.lpush(acknowledgementKey('gw_test'), id!);
      await waitFor(async () => (await filesOf()).every((name) => name.endsWith('.open')), {
        what: 'the segment is deleted',
      });
      own.disconnect();
      await one.stop();
      spools.length = 0;
    } finally {
      await late.stop();
    }
  });

  test('a segment that is not acknowledged in time is shipped again under the same id', async () => {
    const one = await spool({ reshipAfterMs: 200 });
    await writeRows(one, 10);
    const first = await waitFor(
      async () => (await consume(false)).length === 10 && (await queue.getJobs(['waiting']))[0],
      { what: 'the first shipment' },
    );
    await first.remove();
    const again = await waitFor(async () => (await queue.getJobs(['waiting']))[0], { what: 'the second shipment' });
    expect(again.id).toBe(first.id);
    expect(again.data).toEqual(first.data);
    expect(await one.metric('sluice_segments_total', { event: 'shipped_again' })).toBeGreaterThan(0);
    await consumeUntil(10);
  });

  test('no more than a set number of segments lies in Redis unacknowledged', async () => {
    const one = await spool({ maxUnacknowledged: 2, maxAgeMs: 50 });
    for (let segment = 0; segment < 5; segment += 1) {
      await writeRows(one, 10);
      await waitFor(async () => (await one.metric('sluice_segments_total', { event: 'sealed' })) === segment + 1, {
        what: 'a segment is sealed',
      });
    }
    expect(await queue.getWaitingCount()).toBe(2);
    expect((await consumeUntil(50)).length).toBe(50);
  });

  test('beyond the disk budget records are shed and counted, and the rest is kept', async () => {
    const one = await spool({ maxBytes: 200_000 });
    await writeRows(one, 2000);
    const shed = await one.metric('sluice_records_shed_total', { reason: 'disk' });
    const kept = await one.metric('sluice_records_appended_total');
    expect(shed).toBeGreaterThan(0);
    expect(shed + kept).toBe(2000);
    const records = await consumeUntil(kept);
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: kept }, (_, index) => index + 1));
  });

  test('a spool whose directory cannot be read goes on, and looks again later', async () => {
    const one = await spool({ recoverEveryMs: 20 });
    await rename(folder.path, `${folder.path}-away`);
    await waitFor(async () => (await one.metric('sluice_spool_failures_total')) > 0, {
      what: 'the failure is counted',
    });
    await rename(`${folder.path}-away`, folder.path);
    await writeRows(one, 10);
    expect(pathsOf(await consumeUntil(10))).toEqual(paths(10));
  });

  test.skipIf(!existsSync('/dev/full'))(
    'on a disk that is full nothing fails: what memory cannot hold is shed and counted',
    async () => {
      const one = await spool({ maxAgeMs: 60_000 });
      // The files of all segments but the first have no room.
      for (let index = 1; index < 300; index += 1)
        await symlink('/dev/full', join(folder.path, one.bootId, `${index}.open`));
      await writeRows(one, 2000);
      const reasons = 'x'.repeat(4000);
      for (let row = 0; row < 30_000; row += 1) {
        one.writer.write(sampleRecord({ reasons }));
        if (row % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const sum = async (): Promise<number> =>
        (await one.metric('sluice_records_appended_total')) + (await one.metric('sluice_records_shed_total'));
      await waitFor(async () => (await sum()) === 32_000, { what: 'every record is kept or counted' });
      expect(await one.metric('sluice_records_shed_total', { reason: 'slow' })).toBeGreaterThan(0);
      expect(await one.metric('sluice_spool_failures_total')).toBeGreaterThan(0);
      // What was sealed before is shipped all the same.
      expect((await consumeUntil(2000)).length).toBe(2000);
    },
  );

  test('a SIGKILL loses no record that was written before, and what is recovered is shipped once', async () => {
    const { child, bootId, flushed } = await run();
    await waitFor(() => flushed() >= 2000, { what: 'two thousand rows are flushed' });
    await kill(child);
    await spool();
    const records = await consumeUntil(flushed());
    expect(pathsOf(records)).toEqual(paths(records.length));
    expect(new Set(records.map(({ boot_id: id }) => id))).toEqual(new Set([bootId]));
    await waitFor(async () => !(await readdir(folder.path)).includes(bootId), {
      what: 'the dead boot leaves no folder',
    });
  });

  test('a torn last frame is cut off, and the rest is shipped once', async () => {
    const port = await freePort();
    const { child, bootId, flushed } = await run(`redis://127.0.0.1:${port}`);
    await kill(child);
    const open = (await filesOf()).find((name) => name.endsWith('.open'))!;
    const path = join(folder.path, open);
    const whole = await readFile(path);
    await appendFile(path, whole.subarray(whole.length - 300, whole.length - 7));
    await spool();
    expect(pathsOf(await consumeUntil(flushed()))).toEqual(
      paths([...seen.values()].reduce((sum, { rowCount }) => sum + rowCount, 0)),
    );
    expect(bootId).not.toBe('');
  });

  test('a recovery that dies between any two steps is done again with the same result', async () => {
    const { child, bootId, flushed } = await run(`redis://127.0.0.1:${await freePort()}`);
    await kill(child);
    const open = join(
      folder.path,
      (await filesOf()).find((name) => name.endsWith('.open'))!,
    );
    await appendFile(open, 'torn');
    // After the cut, before the rename.
    const size = (await readFile(open)).length;
    await truncate(open, size - 4);
    const first = await spool({}, `redis://127.0.0.1:${await freePort()}`);
    const sealed = (await filesOf()).filter((name) => name.startsWith(bootId));
    expect(sealed.every((name) => name.endsWith('.sealed'))).toBe(true);
    // After the rename, before the shipment: this recoverer ends, the next one takes over from it.
    await first.stop();
    spools.length = 0;
    expect((await filesOf()).filter((name) => name.startsWith(bootId))).toEqual(sealed);
    await spool();
    expect((await consumeUntil(flushed())).filter((record) => record.boot_id === bootId).length).toBeGreaterThanOrEqual(
      flushed(),
    );
  });

  test('a death between shipment and acknowledgement ships the same segment again, and an old acknowledgement deletes it', async () => {
    const { child, bootId } = await run();
    await waitFor(async () => (await queue.getWaitingCount()) > 0, { what: 'a segment is in the queue' });
    await kill(child);
    const ids = async (): Promise<Set<string | undefined>> =>
      new Set((await queue.getJobs(['waiting'])).map(({ id }) => id));
    const before = await ids();
    const one = await spool();
    await waitFor(async () => (await one.metric('sluice_segments_unacknowledged')) > 0, {
      what: 'the recovered segments are shipped',
    });
    const after = await ids();
    expect([...before].filter((id) => !after.has(id))).toEqual([]);
    await waitFor(async () => (await consume()) && !(await readdir(folder.path)).includes(bootId), {
      what: 'the dead boot leaves no folder',
    });
    expect(await queue.getWaitingCount()).toBe(0);
  });

  test('the folder of a living process is left alone, and of two processes one takes a dead one over', async () => {
    const { child, bootId } = await run(`redis://127.0.0.1:${await freePort()}`);
    const away = `redis://127.0.0.1:${await freePort()}`;
    const living = await spool({}, away);
    expect(await living.metric('sluice_segments_total', { event: 'recovered' })).toBe(0);
    await kill(child);
    const both = await Promise.all([spool({}, away), spool({}, away)]);
    const taken = await Promise.all(both.map((one) => one.metric('sluice_segments_total', { event: 'recovered' })));
    expect(taken.filter((count) => count > 0)).toHaveLength(1);
    expect((await readdir(join(folder.path, bootId))).filter((name) => name.startsWith('owner.')).toSorted()).toEqual([
      'owner.0',
      'owner.1',
    ]);
  });

  test('a sealed segment that the disk has changed is kept aside and not shipped', async () => {
    const { child, bootId } = await run(`redis://127.0.0.1:${await freePort()}`);
    await waitFor(async () => (await filesOf()).some((name) => name.endsWith('.sealed')), {
      what: 'a segment is sealed',
    });
    await kill(child);
    const name = (await filesOf()).find((one) => one.endsWith('.sealed'))!;
    const other = name.replace(/.(?=\.sealed$)/, (digit) => (digit === '0' ? '1' : '0'));
    await rename(join(folder.path, name), join(folder.path, other));
    const one = await spool();
    await waitFor(async () => (await one.metric('sluice_segments_total', { event: 'damaged' })) === 1, {
      what: 'the damage is counted',
    });
    expect(await filesOf()).toContain(`${other}.damaged`);
    await consume();
    expect([...seen.keys()].some((id) => other.includes(id))).toBe(false);
    expect(bootId).not.toBe('');
  });
});
