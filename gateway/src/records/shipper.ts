// Ships sealed segments, oldest first, each as one job; deletes a file when the log-worker has said that its rows are
// safe. What is not acknowledged in time is shipped again. At most a set number lies in Redis, so that a log-worker
// that is away fills this disk (which has a budget) and not the queue's memory.
import { rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { segmentIdSchema } from '@sluice/contracts';
import type { Logger } from '@sluice/runtime';
import { sealedName, type SealedSegment } from './open-segment.js';
import type { RecordMetrics } from './record-metrics.js';
import { connectSegmentQueue } from './segment-queue-client.js';
import { ReusedReader } from './reused-reader.js';
import { readSegment, segmentJob } from './segment-content.js';

export interface ShipperOptions {
  readonly redisUrl: string;
  /** All boots' folders. */
  readonly directory: string;
  readonly gatewayId: string;
  readonly logger: Logger;
  readonly metrics: RecordMetrics;
  readonly maxUnacknowledged: number;
  readonly reshipAfterMs: number;
  /** A segment's file is gone. */
  removed(segment: SealedSegment): void;
}

export interface Shipper {
  ship(segment: SealedSegment): void;
  /** Acknowledgements of a former boot go to the gateway id that it had. */
  listenFor(gatewayId: string): void;
  isReachable(): boolean;
  waiting(): number;
  unacknowledged(): number;
  close(): Promise<void>;
}

interface Shipment {
  readonly segment: SealedSegment;
  /** When it was put into the queue; undefined while it waits. */
  shippedMs: number | undefined;
  shipments: number;
}

const checkMs = 1000;
const longestPauseMs = 5000;

export const startShipper = (options: ShipperOptions): Shipper => {
  const { directory, logger, metrics } = options;
  const shipments = new Map<string, Shipment>();
  const gatewayIds = new Set([options.gatewayId]);
  let inQueue = 0;
  let pauseMs = 0;
  let pausedUntilMs = 0;
  let isClosed = false;
  let isShipping = false;

  const client = connectSegmentQueue(options.redisUrl, () => [...gatewayIds], logger, {
    acknowledged: (segmentId) => void acknowledge(segmentId),
    reachable() {
      pauseMs = 0;
      pausedUntilMs = 0;
      void shipNext();
    },
  });

  const forget = (shipment: Shipment): void => {
    shipments.delete(shipment.segment.segmentId);
    if (shipment.shippedMs !== undefined) inQueue -= 1;
    options.removed(shipment.segment);
    void shipNext();
  };

  const acknowledge = async (segmentId: string): Promise<void> => {
    if (!segmentIdSchema.safeParse(segmentId).success)
      return logger.warn('an acknowledgement is not a segment id: ignored');
    const shipment = shipments.get(segmentId);
    // Another process of this gateway may own it (a rolling restart): the file goes all the same, and the owner notices.
    const folder = shipment?.segment.folder ?? join(directory, segmentId.slice(0, segmentId.indexOf('-')));
    const names =
      shipment === undefined
        ? [sealedName(segmentId, false), sealedName(segmentId, true)]
        : [sealedName(segmentId, shipment.segment.isClose)];
    for (const name of names) await remove(join(folder, name));
    if (shipment === undefined || shipments.get(segmentId) !== shipment) return;
    metrics.segment('acknowledged');
    forget(shipment);
  };

  const remove = async (path: string): Promise<void> => {
    try {
      await unlink(path);
    } catch (error) {
      if (!isMissing(error))
        logger.error(
          { err: error, path },
          'a segment that is safe could not be deleted: it will be shipped again at the next start',
        );
    }
  };

  const mayShip = (): boolean =>
    !isClosed && client.isReachable() && inQueue < options.maxUnacknowledged && performance.now() >= pausedUntilMs;

  async function shipNext(): Promise<void> {
    if (isShipping) return;
    isShipping = true;
    while (mayShip()) {
      const next = oldestWaiting();
      if (next === undefined) break;
      try {
        await shipOne(next);
        pauseMs = 0;
      } catch (error) {
        pauseMs = Math.min(longestPauseMs, Math.max(100, 2 * pauseMs));
        pausedUntilMs = performance.now() + pauseMs;
        setTimeout(() => void shipNext(), pauseMs).unref();
        if (!isClosed)
          logger.warn(
            { err: error, segmentId: next.segment.segmentId, pauseMs },
            'a segment could not be put into the queue: it stays on disk',
          );
      }
    }
    isShipping = false;
  }

  /** A Map keeps the order in which segments came: of recovered boots first, then as they were sealed. */
  const oldestWaiting = (): Shipment | undefined => {
    for (const shipment of shipments.values()) if (shipment.shippedMs === undefined) return shipment;
    return undefined;
  };

  const reader = new ReusedReader();

  const shipOne = async (shipment: Shipment): Promise<void> => {
    const { segment } = shipment;
    const path = join(segment.folder, sealedName(segment.segmentId, segment.isClose));
    let file: Buffer;
    try {
      file = await reader.read(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
      return forget(shipment);
    }
    const content = readSegment(file);
    const job =
      content === undefined || content.goodBytes !== file.length
        ? undefined
        : await segmentJob(content, segment.isClose);
    if (job?.segmentId !== segment.segmentId) {
      // The disk has changed what was sealed. Shipping would contradict the id; deleting would hide the loss.
      await rename(path, `${path}.damaged`);
      metrics.segment('damaged');
      logger.error(
        { path: `${path}.damaged` },
        'a sealed segment does not match its hash: kept aside, its rows are not shipped',
      );
      return forget(shipment);
    }
    await client.add(job);
    if (shipments.get(segment.segmentId) !== shipment) return;
    metrics.segment(shipment.shipments === 0 ? 'shipped' : 'shipped_again');
    shipment.shipments += 1;
    shipment.shippedMs = performance.now();
    inQueue += 1;
  };

  const timer = setInterval(
    () => {
      const beforeMs = performance.now() - options.reshipAfterMs;
      for (const shipment of shipments.values()) {
        if (shipment.shippedMs === undefined || shipment.shippedMs > beforeMs) continue;
        shipment.shippedMs = undefined;
        inQueue -= 1;
      }
      void shipNext();
    },
    Math.min(checkMs, options.reshipAfterMs),
  ).unref();

  return {
    ship(segment) {
      if (shipments.has(segment.segmentId)) return;
      shipments.set(segment.segmentId, { segment, shippedMs: undefined, shipments: 0 });
      void shipNext();
    },
    listenFor(gatewayId) {
      gatewayIds.add(gatewayId);
    },
    isReachable: () => client.isReachable(),
    waiting: () => shipments.size - inQueue,
    unacknowledged: () => inQueue,
    async close() {
      isClosed = true;
      clearInterval(timer);
      await client.close();
    },
  };
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
