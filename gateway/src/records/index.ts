// The record writer: a worker thread's end of the spool. Writing never waits and never fails; rows go to the main
// thread in batches, 3 ms after the first of them at most. What the spool cannot take is shed and counted, not kept.
import type { MessagePort } from 'node:worker_threads';
import type { RequestRecord } from '@sluice/contracts';
import { lineOf } from './line-of.js';
import type { FromSpool, ToSpool } from './messages.js';
import { dayOf } from './segment-content.js';

export type WorkerRecord = Omit<RequestRecord, 'seq' | 'gateway_id' | 'boot_id'>;

export interface RecordWriter {
  write(record: WorkerRecord): void;
  /** Resolves when what was written before is in the spool's file (or shed, and counted). */
  flush(): Promise<void>;
}

const batchMs = 3;
const batchRows = 512;
const batchCharacters = 256 * 1024;
/** Rows that the spool has not confirmed. About 30 MiB at 300 bytes a row. */
const unconfirmedRows = 100_000;

export const createRecordWriter = (port: MessagePort): RecordWriter => {
  let boot: { readonly gatewayId: string; readonly bootId: string } | undefined;
  let waiting: WorkerRecord[] = [];
  let text = '';
  let rowCount = 0;
  let dayStartMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let lastBatch = 0;
  let confirmedBatch = 0;
  let shed = 0;
  let isClosed = false;
  const unconfirmed = new Map<number, number>();
  let unconfirmedCount = 0;
  const flushing: { batch: number; resolve: () => void }[] = [];

  const post = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (shed > 0) port.postMessage({ type: 'shed', rowCount: shed } satisfies ToSpool);
    shed = 0;
    if (rowCount === 0) return;
    lastBatch += 1;
    unconfirmed.set(lastBatch, rowCount);
    unconfirmedCount += rowCount;
    port.postMessage({ type: 'rows', batch: lastBatch, day: dayOf(dayStartMs), rowCount, text } satisfies ToSpool);
    text = '';
    rowCount = 0;
  };

  const add = (record: WorkerRecord): void => {
    if (boot === undefined) return void waiting.push(record);
    const startMs = record.time - (record.time % 86_400_000);
    // An insert into one partition is atomic: rows of two days never share a segment.
    if (startMs !== dayStartMs) post();
    dayStartMs = startMs;
    text += lineOf(record, boot.gatewayId, boot.bootId);
    rowCount += 1;
    if (rowCount >= batchRows || text.length >= batchCharacters) post();
    else timer ??= setTimeout(post, batchMs);
  };

  const isIn = (batch: number): boolean => isClosed || batch <= confirmedBatch;

  const settle = (): void => {
    while (flushing[0] !== undefined && isIn(flushing[0].batch)) flushing.shift()?.resolve();
    if (flushing.length === 0) port.unref();
  };

  port.on('message', (message: FromSpool) => {
    if (message.type === 'boot') {
      boot = message;
      const early = waiting;
      waiting = [];
      for (const record of early) add(record);
      for (const one of flushing) one.batch = lastBatch + (rowCount > 0 ? 1 : 0);
      post();
      return settle();
    }
    unconfirmedCount -= unconfirmed.get(message.batch) ?? 0;
    unconfirmed.delete(message.batch);
    // Batches of two segments may be confirmed in another order: all before the oldest open one are in.
    confirmedBatch = (unconfirmed.keys().next().value ?? lastBatch + 1) - 1;
    settle();
  });
  port.once('close', () => {
    isClosed = true;
    settle();
  });
  port.unref();

  return {
    write(record) {
      if (unconfirmedCount + rowCount + waiting.length < unconfirmedRows) return add(record);
      shed += 1;
      timer ??= setTimeout(post, batchMs);
    },
    flush() {
      post();
      if (isClosed || (waiting.length === 0 && confirmedBatch === lastBatch)) return Promise.resolve();
      port.ref();
      return new Promise((resolve) =>
        flushing.push({ batch: waiting.length > 0 ? Number.MAX_SAFE_INTEGER : lastBatch, resolve }),
      );
    },
  };
};
