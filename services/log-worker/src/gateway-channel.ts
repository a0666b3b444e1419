// What the log-worker and gateways say to each other through the queue's Redis, beside the jobs: acknowledgements, and
// who was first with a segment's number. All of it may be lost: a gateway ships again what is not acknowledged, and the
// ledger in ClickHouse knows what is stored.
import { acknowledgementKey } from '@sluice/contracts';
import type { SegmentJob } from '@sluice/contracts';
import type { Redis } from 'ioredis';

// Of a gateway that is gone for good; a living one takes them within a second.
const keptAcknowledgements = 20_000;
const daySeconds = 86_400;

export type Claim = 'first' | 'seen_before' | 'contradicted';
type Numbered = Pick<SegmentJob, 'bootId' | 'index' | 'sha256'>;

export interface GatewayChannel {
  /** Says whether these rows are the first under their boot and index, so that two workers cannot both insert a contradiction. */
  claim(segment: Numbered): Promise<Claim>;
  /** How often this segment has come broken, this time included. */
  countBroken(segmentId: string): Promise<number>;
  /** Tells the gateway that it may delete the segment. Telling it twice is harmless. */
  acknowledge(job: Pick<SegmentJob, 'gatewayId' | 'segmentId'>): Promise<void>;
}

export function createGatewayChannel(redis: Redis): GatewayChannel {
  return {
    claim: async ({ bootId, index, sha256 }) => {
      const key = `sluice:segment:${bootId}:${index}`;
      const before = await redis.set(key, sha256, 'EX', daySeconds, 'NX', 'GET');
      if (before === null) return 'first';
      return before === sha256 ? 'seen_before' : 'contradicted';
    },
    countBroken: async (segmentId) => {
      const key = `sluice:broken:${segmentId}`;
      const replies = await redis.multi().incr(key).expire(key, daySeconds).exec();
      const [failure, times] = replies?.[0] ?? [new Error('the count was not executed'), 0];
      if (failure !== null) throw failure;
      return Number(times);
    },
    acknowledge: async ({ gatewayId, segmentId }) => {
      const key = acknowledgementKey(gatewayId);
      const replies = await redis
        .multi()
        .rpush(key, segmentId)
        .ltrim(key, -keptAcknowledgements, -1)
        .expire(key, 7 * daySeconds)
        .exec();
      const failure = replies?.find(([error]) => error !== null)?.[0];
      if (replies === null || failure) throw failure ?? new Error('the acknowledgement was not executed');
    },
  };
}
