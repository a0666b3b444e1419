// Counters of traffic, by environment. Each thread counts in rows of its own in shared memory, without locks and without
// messages: plain additions, and a look into a map for each request. The main thread adds the rows up when it is scraped,
// and only then gives them names.
import type { ProblemCode } from '@sluice/contracts';
import { problemCodes } from '@sluice/contracts';
import type { RefusalCause } from '../wire/exchange.js';
import { refusalCauses } from '../wire/exchange.js';

export const statusClasses = ['2xx', '3xx', '4xx', '5xx', '499'] as const;
/** Upper bounds in seconds. */
export const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** Where a row keeps what. */
export const column = {
  inFlight: 0,
  receivedBytes: 1,
  sentBytes: 2,
  durationSum: 3,
  durationCount: 4,
  status: 5,
  problem: 5 + statusClasses.length,
  /** Not cumulative. */
  bucket: 5 + statusClasses.length + problemCodes.length,
} as const;
export const rowLength = column.bucket + durationBuckets.length;

/** Rows that belong to no environment: of hosts that nobody has claimed, and of environments that found no row. */
export const nobody = 0;
export const crowd = 1;
const firstOwn = 2;
/** Environments that a thread counts apart, in the life of its process. Memory is used for those with traffic alone. */
const mostRows = 4096;
// Of an environment's id: its length, then ASCII.
const idBytes = 64;
// Before a thread's rows: how many are in use, then its refusals by cause.
const headerLength = 1 + refusalCauses.length;
const threadLength = headerLength + mostRows * rowLength;
const problemIndex = new Map<string, number>(problemCodes.map((code, index) => [code, index]));
const causeIndex = new Map<string, number>(refusalCauses.map((cause, index) => [cause, index]));

export interface CountersShared {
  readonly threads: number;
  readonly cells: SharedArrayBuffer;
  readonly ids: SharedArrayBuffer;
}

export interface EndedRequest {
  readonly status: number;
  readonly code: ProblemCode | '';
  readonly durationMs: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export function createCounters(threads: number): CountersShared {
  return {
    threads,
    cells: new SharedArrayBuffer(threads * threadLength * Float64Array.BYTES_PER_ELEMENT),
    ids: new SharedArrayBuffer(threads * mostRows * idBytes),
  };
}

export class ThreadCounters {
  readonly #cells: Float64Array;
  readonly #ids: Uint8Array;
  readonly #rows = new Map<string, number>();
  #used = firstOwn;

  constructor({ cells, ids }: CountersShared, thread: number) {
    this.#cells = cellsOf(cells, thread);
    this.#ids = idsOf(ids, thread);
    this.#cells[0] = firstOwn;
  }

  /** @param environmentId undefined: of nobody. @returns the row, for `end`. */
  begin(environmentId: string | undefined): number {
    const row = environmentId === undefined ? nobody : (this.#rows.get(environmentId) ?? this.#giveRow(environmentId));
    this.#add(headerLength + row * rowLength + column.inFlight, 1);
    return row;
  }

  end(row: number, { status, code, durationMs, sentBytes, receivedBytes }: EndedRequest): void {
    const at = headerLength + row * rowLength;
    const seconds = durationMs / 1000;
    this.#add(at + column.inFlight, -1);
    this.#add(at + column.receivedBytes, receivedBytes);
    this.#add(at + column.sentBytes, sentBytes);
    this.#add(at + column.durationSum, seconds);
    this.#add(at + column.durationCount, 1);
    this.#add(at + column.status + classOf(status), 1);
    const problem = code === '' ? undefined : problemIndex.get(code);
    if (problem !== undefined) this.#add(at + column.problem + problem, 1);
    const bucket = bucketOf(seconds);
    if (bucket < durationBuckets.length) this.#add(at + column.bucket + bucket, 1);
  }

  /** A request that the wire itself refused. */
  refused(cause: RefusalCause): void {
    this.#add(1 + (causeIndex.get(cause) ?? 0), 1);
  }

  #giveRow(environmentId: string): number {
    let row = crowd;
    if (this.#used < mostRows && environmentId.length < idBytes) {
      row = this.#used;
      this.#used += 1;
      this.#ids[row * idBytes] = environmentId.length;
      Buffer.from(this.#ids.buffer, this.#ids.byteOffset + row * idBytes + 1, idBytes - 1).write(
        environmentId,
        'ascii',
      );
      // The reader looks at no row, nor at its id, before this says so.
      this.#cells[0] = this.#used;
    }
    this.#rows.set(environmentId, row);
    return row;
  }

  #add(index: number, by: number): void {
    this.#cells[index] = (this.#cells[index] ?? 0) + by;
  }
}

/** What all threads have counted, at one moment. */
export interface Traffic {
  readonly total: Float64Array;
  readonly nobody: Float64Array;
  /** Of environments without a row of their own. */
  readonly crowd: Float64Array;
  readonly byEnvironment: ReadonlyMap<string, Float64Array>;
  readonly refusals: ReadonlyMap<RefusalCause, number>;
}

export function readTraffic({ threads, cells, ids }: CountersShared): Traffic {
  const total = emptyRow();
  const byNobody = emptyRow();
  const byCrowd = emptyRow();
  const byEnvironment = new Map<string, Float64Array>();
  const refusals = new Map<RefusalCause, number>(refusalCauses.map((cause) => [cause, 0]));
  for (let thread = 0; thread < threads; thread += 1) {
    const own = cellsOf(cells, thread);
    const ownIds = idsOf(ids, thread);
    refusalCauses.forEach((cause, index) => refusals.set(cause, (refusals.get(cause) ?? 0) + (own[1 + index] ?? 0)));
    for (let row = 0; row < (own[0] ?? 0); row += 1) {
      const counted = own.subarray(headerLength + row * rowLength, headerLength + (row + 1) * rowLength);
      let sum = row === nobody ? byNobody : byCrowd;
      if (row >= firstOwn) {
        const id = idAt(ownIds, row);
        sum = byEnvironment.get(id) ?? emptyRow();
        byEnvironment.set(id, sum);
      }
      addTo(sum, counted);
      addTo(total, counted);
    }
  }
  return { total, nobody: byNobody, crowd: byCrowd, byEnvironment, refusals };
}

export function emptyRow(): Float64Array {
  return new Float64Array(rowLength);
}

export function addTo(sum: Float64Array, row: Float64Array): void {
  for (let index = 0; index < rowLength; index += 1) sum[index] = (sum[index] ?? 0) + (row[index] ?? 0);
}

function cellsOf(cells: SharedArrayBuffer, thread: number): Float64Array {
  return new Float64Array(cells, thread * threadLength * Float64Array.BYTES_PER_ELEMENT, threadLength);
}

function idsOf(ids: SharedArrayBuffer, thread: number): Uint8Array {
  return new Uint8Array(ids, thread * mostRows * idBytes, mostRows * idBytes);
}

function idAt(ids: Uint8Array, row: number): string {
  const from = row * idBytes + 1;
  return Buffer.from(ids.subarray(from, from + (ids[from - 1] ?? 0))).toString('ascii');
}

function classOf(status: number): number {
  return status === 499 ? 4 : Math.min(3, Math.max(0, Math.floor(status / 100) - 2));
}

function bucketOf(seconds: number): number {
  let bucket = 0;
  while (bucket < durationBuckets.length && seconds > (durationBuckets[bucket] ?? 0)) bucket += 1;
  return bucket;
}
