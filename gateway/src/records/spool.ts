// The spool: where records wait on disk until they are safe in ClickHouse. It lives on the main thread.
//
// It promises: a row is in the file within 5 ms of its arrival (what a SIGKILL may cost) and on the disk within 100 ms
// (what a power cut may cost); rows are numbered from 1 without gaps; a segment is shipped only when it is sealed, and
// deleted only when its rows are safe; recording never fails or delays a request. Beyond the disk's budget records are
// shed, and counted.
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import type { Logger, Registry } from '@sluice/runtime';
import type { FromSpool, ToSpool } from './messages.js';
import { OpenSegment } from './open-segment.js';
import { createRecordMetrics, type ShedReason } from './record-metrics.js';
import {
  createBootFolder,
  listBoots,
  recoverBoot,
  removeBootFolder,
  removeRemains,
  type RecoveredBoot,
} from './recovery.js';
import { segmentHeader } from './segment-content.js';
import { startShipper } from './shipper.js';

export interface SpoolOptions {
  /** Of this machine; boots of other processes in it are recovered when these are dead. */
  readonly directory: string;
  readonly gatewayId: string;
  readonly bootId: string;
  readonly redisUrl: string;
  readonly logger: Logger;
  readonly metrics: Registry;
  /** The directory's budget. */
  readonly maxBytes: number;
  /** Segments in Redis that are not acknowledged. Default 64. */
  readonly maxUnacknowledged?: number;
  /** Shipped again when not acknowledged for this long. Default 30 s. */
  readonly reshipAfterMs?: number;
  /** A segment is closed this long after its first row. Default 1 s. */
  readonly maxAgeMs?: number;
  /** Looks for the boots of dead processes this often. Default 30 s. */
  readonly recoverEveryMs?: number;
  /** The end waits this long for shipments and acknowledgements. Default 3 s. */
  readonly stopWithinMs?: number;
}

export interface Spool {
  attach(port: MessagePort): void;
  /** Closes the boot, and ships what it can in a bounded time; the rest is shipped by the next process. */
  stop(): Promise<void>;
}

const segmentRows = 2000;
const segmentBytes = 1024 * 1024;
/** Rows that wait in memory because the file system does not keep up. */
const unwrittenLimitBytes = 32 * 1024 * 1024;
const ageCheckMs = 50;
const logEveryMs = 10_000;

export const startSpool = async (options: SpoolOptions): Promise<Spool> => {
  const { gatewayId, bootId, logger, maxBytes, maxAgeMs = 1000, stopWithinMs = 3000 } = options;
  const directory = resolve(options.directory);
  const { folder, lock } = await createBootFolder(directory, bootId).catch((cause: unknown) => {
    throw new Error(`the spool cannot be written: check the directory ${directory} and its owner`, { cause });
  });
  const sizeBefore = await sizeOf(directory);

  let nextSeq = 1;
  let nextIndex = 0;
  let diskBytes = sizeBefore;
  let unwrittenBytes = 0;
  let isStopped = false;
  const recovered = new Map<string, { readonly boot: RecoveredBoot; open: number }>();
  let sealing = 0;
  const say = limited(logEveryMs);

  const metrics = createRecordMetrics(
    options.metrics,
    () => diskBytes,
    () => shipper.waiting(),
    () => shipper.unacknowledged(),
  );
  const shipper = startShipper({
    directory,
    gatewayId,
    logger,
    metrics,
    redisUrl: options.redisUrl,
    maxUnacknowledged: options.maxUnacknowledged ?? 64,
    reshipAfterMs: options.reshipAfterMs ?? 30_000,
    removed(segment) {
      diskBytes -= segment.bytes;
      const owner = recovered.get(segment.folder);
      if (owner !== undefined && --owner.open === 0) void leave(owner.boot);
    },
  });

  const openNext = (): OpenSegment =>
    new OpenSegment(folder, segmentHeader({ gatewayId, bootId, index: nextIndex++, firstSeq: nextSeq }), {
      failed(error) {
        metrics.failed();
        say(() =>
          logger.error({ err: error, directory }, 'the spool cannot write: records wait in memory, then are shed'),
        );
      },
      written(bytes) {
        diskBytes += bytes;
      },
    });
  let segment = openNext();

  const sealAndShip = async (closed: OpenSegment, isClose: boolean): Promise<void> => {
    try {
      const sealed = await closed.seal(isClose);
      metrics.segment('sealed');
      shipper.ship(sealed);
    } catch (error) {
      // `seal` tries again until it is done; what comes here is a bug, and must not go unseen.
      logger.error({ err: error }, 'a segment could not be sealed');
    }
  };
  const seal = (closed: OpenSegment, isClose: boolean): void => {
    sealing += 1;
    void sealAndShip(closed, isClose).finally(() => (sealing -= 1));
  };

  const roll = (): void => {
    const closed = segment;
    segment = openNext();
    seal(closed, false);
  };

  const shed = (reason: ShedReason, rows: number): void => {
    metrics.shed(reason, rows);
    say(() =>
      logger.error(
        { reason, rows, diskBytes, maxBytes },
        'records are shed: traffic goes on, their numbers are in sluice_records_shed_total',
      ),
    );
  };

  const append = async ({ day, rowCount, text }: Extract<ToSpool, { type: 'rows' }>): Promise<void> => {
    const bytes = Buffer.byteLength(text);
    if (isStopped) return shed('stopped', rowCount);
    if (diskBytes + unwrittenBytes + bytes > maxBytes) return shed('disk', rowCount);
    if (unwrittenBytes > unwrittenLimitBytes) return shed('slow', rowCount);
    const isFull = segment.rowCount + rowCount > segmentRows || segment.rowBytes + bytes > segmentBytes;
    if (segment.rowCount > 0 && (isFull || segment.day !== day)) roll();
    if (segment.rowCount === 0) {
      segment.day = day;
      segment.firstRowMs = performance.now();
    }
    const rowBytes = segment.append(numbered(text, nextSeq), rowCount);
    nextSeq += rowCount;
    metrics.appended(rowCount);
    unwrittenBytes += rowBytes;
    await segment.written();
    unwrittenBytes -= rowBytes;
  };

  const ageTimer = setInterval(() => {
    if (segment.rowCount > 0 && performance.now() - segment.firstRowMs >= maxAgeMs) roll();
  }, ageCheckMs).unref();

  /** What dead boots left is shipped like ours; who lives is left alone. */
  const recover = async (): Promise<void> => {
    await removeRemains(directory);
    for (const name of await listBoots(directory)) {
      const path = join(directory, name);
      if (path === folder || recovered.has(path) || isStopped) continue;
      try {
        const boot = await recoverBoot(directory, name);
        if (boot === undefined) continue;
        logger.info(
          { bootId: name, segments: boot.segments.length },
          'taking over the records of a boot that has died',
        );
        recovered.set(path, { boot, open: boot.segments.length });
        if (boot.segments.length === 0) await leave(boot);
        for (const id of boot.gatewayIds) shipper.listenFor(id);
        for (const one of boot.segments) {
          metrics.segment('recovered');
          shipper.ship(one);
        }
      } catch (error) {
        logger.error(
          { err: error, bootId: name },
          'the records of a former boot could not be taken over: tried again later',
        );
      }
    }
  };

  const leave = async (boot: RecoveredBoot): Promise<void> => {
    recovered.delete(boot.folder);
    try {
      await removeBootFolder(directory, boot.folder);
    } catch (error) {
      logger.warn({ err: error, bootId: boot.bootId }, 'the folder of a former boot could not be removed');
    }
    await boot.lock.release();
  };

  await recover();
  const lookAgain = async (): Promise<void> => {
    try {
      await recover();
      // Other processes write and delete here too: what was counted is corrected by what is there.
      diskBytes = await sizeOf(directory);
    } catch (error) {
      metrics.failed();
      say(() => logger.error({ err: error, directory }, 'the spool cannot be read: tried again later'));
    }
  };
  const recoverTimer = setInterval(() => void lookAgain(), options.recoverEveryMs ?? 30_000).unref();

  return {
    attach(port) {
      port.postMessage({ type: 'boot', gatewayId, bootId } satisfies FromSpool);
      port.on('message', (message: ToSpool) => {
        if (message.type === 'shed') return shed('worker', message.rowCount);
        void append(message).then(() =>
          port.postMessage({ type: 'written', batch: message.batch } satisfies FromSpool),
        );
      });
      port.unref();
    },
    async stop() {
      isStopped = true;
      clearInterval(ageTimer);
      clearInterval(recoverTimer);
      const deadlineMs = performance.now() + stopWithinMs;
      seal(segment, true);
      const isDone = (): boolean =>
        sealing === 0 && (!shipper.isReachable() || shipper.waiting() + shipper.unacknowledged() === 0);
      while (!isDone() && performance.now() < deadlineMs) await delay(10);
      await shipper.close();
      try {
        await removeBootFolder(directory, folder);
      } catch (error) {
        logger.warn({ err: error }, "this boot's folder could not be removed: the next start does");
      }
      await lock.release();
      for (const { boot } of recovered.values()) await boot.lock.release();
    },
  };
};

/** The worker's lines with their `seq`, which the writer left out: it is the first column. */
const numbered = (text: string, firstSeq: number): string => {
  let rows = '';
  let seq = firstSeq;
  for (let at = 0; at < text.length; seq += 1) {
    const end = text.indexOf('\n', at) + 1;
    rows += `[${seq},${text.slice(at, end)}`;
    at = end;
  }
  return rows;
};

/** At most one call each so often: a full disk must not be filled by the log that says so. */
const limited = (everyMs: number): ((action: () => void) => void) => {
  let nextMs = 0;
  return (action) => {
    if (performance.now() < nextMs) return;
    nextMs = performance.now() + everyMs;
    action();
  };
};

const sizeOf = async (directory: string): Promise<number> => {
  let bytes = 0;
  for (const boot of await listBoots(directory)) {
    for (const name of await readdir(join(directory, boot)).catch(() => []))
      bytes += (await stat(join(directory, boot, name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
};
