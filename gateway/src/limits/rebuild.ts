// Recorded use, for limits whose counts a loss of Redis left unknown: with it they are open again before their period ends.
// Only who has the whole record of a period may say so; what gateways hold unspent is part of what was used.
import type { LeaseTransport } from './lease-transport.js';
import { leaseReply, rebuildCall, type Look } from './lease-wire.js';
import { countKey, type LimitRef } from './limit-ref.js';
import { partitionOf } from './limit-table.js';
import { periodAt } from './periods.js';

export interface RecordedUse {
  /** A window or a quota: the others have too short a memory to need it. */
  readonly limit: LimitRef;
  /** A moment of the period, Unix milliseconds. */
  readonly atMs: number;
  readonly used: number;
}

/** True: Redis took it in. False: gateways are still saying what they saw; try again in a second. Redis's own count stays where it is higher. */
export const giveRecordedUse = async (transport: LeaseTransport, uses: readonly RecordedUse[]): Promise<boolean> => {
  const byPartition = new Map<number, Look[]>();
  for (const { limit, atMs, used } of uses) {
    const period = periodAt(limit, atMs);
    if (period === undefined) throw new Error(`${limit.key} has no period: recorded use is of windows and quotas`);
    const partition = partitionOf(limit.key, transport.partitions);
    const looks = byPartition.get(partition) ?? [];
    looks.push({ key: countKey(limit), ...period, used, look: 0, units: limit.units });
    byPartition.set(partition, looks);
  }
  const replies = await Promise.all(
    [...byPartition].map(async ([partition, looks]) => {
      const { keys, args } = rebuildCall(partition, looks);
      return leaseReply(await transport.call(partition, keys, args));
    }),
  );
  return replies.every(({ state }) => state === 'ok');
};
