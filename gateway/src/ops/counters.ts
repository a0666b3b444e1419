// Counters of traffic. Each thread counts in a row of its own in shared memory, without locks and without messages;
// the main thread adds the rows up when it is scraped.
import type { ProblemCode } from '@sluice/contracts';
import { problemCodes } from '@sluice/contracts';

export const statusClasses = ['2xx', '3xx', '4xx', '5xx', '499'] as const;
/** Upper bounds in seconds. */
export const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

const at = {
  inFlight: 0,
  malformed: 1,
  receivedBytes: 2,
  sentBytes: 3,
  durationSum: 4,
  durationCount: 5,
  status: 6,
  problem: 6 + statusClasses.length,
  bucket: 6 + statusClasses.length + problemCodes.length,
};
const rowLength = at.bucket + durationBuckets.length;
const problemIndex = new Map<string, number>(problemCodes.map((code, index) => [code, index]));

export interface EndedRequest {
  readonly status: number;
  readonly code: ProblemCode | '';
  readonly durationMs: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export interface Totals {
  readonly inFlight: number;
  readonly malformed: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly durationSum: number;
  readonly durationCount: number;
  readonly status: readonly number[];
  readonly problem: readonly number[];
  /** Not cumulative. */
  readonly bucket: readonly number[];
}

export function createCounters(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threads * rowLength * Float64Array.BYTES_PER_ELEMENT);
}

export class ThreadCounters {
  readonly #row: Float64Array;

  constructor(shared: SharedArrayBuffer, thread: number) {
    this.#row = new Float64Array(shared, thread * rowLength * Float64Array.BYTES_PER_ELEMENT, rowLength);
    this.#row[at.inFlight] = 0; // of a thread that was started anew
  }

  get inFlight(): number {
    return this.#row[at.inFlight] ?? 0;
  }

  begin(): void {
    this.#add(at.inFlight, 1);
  }

  malformed(): void {
    this.#add(at.malformed, 1);
  }

  end({ status, code, durationMs, sentBytes, receivedBytes }: EndedRequest): void {
    const seconds = durationMs / 1000;
    this.#add(at.inFlight, -1);
    this.#add(at.receivedBytes, receivedBytes);
    this.#add(at.sentBytes, sentBytes);
    this.#add(at.durationSum, seconds);
    this.#add(at.durationCount, 1);
    const problem = problemIndex.get(code);
    if (problem !== undefined) this.#add(at.problem + problem, 1);
    this.#add(at.status + (status === 499 ? 4 : Math.min(3, Math.max(0, Math.floor(status / 100) - 2))), 1);
    const bucket = durationBuckets.findIndex((bound) => seconds <= bound);
    if (bucket !== -1) this.#add(at.bucket + bucket, 1);
  }

  #add(index: number, by: number): void {
    this.#row[index] = (this.#row[index] ?? 0) + by;
  }
}

export function totals(shared: SharedArrayBuffer): Totals {
  const cells = new Float64Array(shared);
  const sum = (index: number): number => {
    let total = 0;
    for (let row = 0; row < cells.length; row += rowLength) total += cells[row + index] ?? 0;
    return total;
  };
  const sums = (from: number, length: number): number[] => Array.from({ length }, (_, index) => sum(from + index));
  return {
    inFlight: sum(at.inFlight),
    malformed: sum(at.malformed),
    receivedBytes: sum(at.receivedBytes),
    sentBytes: sum(at.sentBytes),
    durationSum: sum(at.durationSum),
    durationCount: sum(at.durationCount),
    status: sums(at.status, statusClasses.length),
    problem: sums(at.problem, problemCodes.length),
    bucket: sums(at.bucket, durationBuckets.length),
  };
}
