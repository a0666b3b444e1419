import { createLogger } from '@sluice/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LastGood } from './last-good.js';
import type { Saved } from './last-good.js';
import { SnapshotWriter } from './snapshot-writer.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A disk that takes its time. */
class SlowDisk extends LastGood {
  readonly positions: number[] = [];

  constructor(private readonly takesMs: number) {
    super('', '');
  }

  override async save({ position }: Saved): Promise<void> {
    this.positions.push(position);
    await new Promise((resolve) => setTimeout(resolve, this.takesMs));
  }
}

test.each([
  ['once a second', 10, 10],
  ['for a tenth of the time, where a write takes long', 500, 2],
])('changes that never end are written %s, and the last of them at the end', async (_what, takesMs, writes) => {
  const disk = new SlowDisk(takesMs);
  const writer = new SnapshotWriter(disk, createLogger('test', 'silent'));
  let position = 0;
  for (; position < 33; position += 1) {
    const now = position;
    writer.save(() => ({ historyId: 'h', position: now, entries: [] }));
    await vi.advanceTimersByTimeAsync(300);
  }
  expect(disk.positions.length).toBe(writes);
  const stopped = writer.stop();
  await vi.advanceTimersByTimeAsync(takesMs);
  await stopped;
  expect(disk.positions.at(-1)).toBe(32);
});
