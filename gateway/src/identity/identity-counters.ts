// What is counted of the checks: a row for each thread in shared memory, without locks and messages, as traffic is.
// Never by tenant: that would be a time series for each.
export const identityCounts = [
  'tokenCached',
  'tokenGood',
  'tokenBad',
  'tokenUnavailable',
  'tokenBusy',
  'passwordCached',
  'passwordRight',
  'passwordWrong',
  'passwordBusy',
  'forwardAuthCached',
  'forwardAuthAnswered',
  'forwardAuthUnavailable',
  'forwardAuthBusy',
  'keysFetched',
  'keysFailed',
  'identityTokensSigned',
  /** Not a count: how many signatures and passwords wait for their turn now. */
  'waiting',
] as const;
export type IdentityCount = (typeof identityCounts)[number];

const rowBytes = identityCounts.length * Float64Array.BYTES_PER_ELEMENT;
const indexOf = new Map<IdentityCount, number>(identityCounts.map((name, index) => [name, index]));

/** One row more than there are threads: the identity thread's is the last. */
export function createIdentityCounters(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer((threads + 1) * rowBytes);
}

export class IdentityCounters {
  readonly #row: Float64Array;

  constructor(shared: SharedArrayBuffer, row: number) {
    this.#row = new Float64Array(shared, row * rowBytes, identityCounts.length);
  }

  count(name: IdentityCount): void {
    const index = indexOf.get(name) ?? 0;
    this.#row[index] = (this.#row[index] ?? 0) + 1;
  }

  set(name: IdentityCount, value: number): void {
    this.#row[indexOf.get(name) ?? 0] = value;
  }
}

export function sumOf(shared: SharedArrayBuffer, name: IdentityCount): number {
  const cells = new Float64Array(shared);
  let sum = 0;
  for (let at = indexOf.get(name) ?? 0; at < cells.length; at += identityCounts.length) sum += cells[at] ?? 0;
  return sum;
}
