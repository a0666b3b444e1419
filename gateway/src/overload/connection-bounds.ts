// How many connections may be open: of the process, of one thread, and of one client address. Counted in memory that all
// threads share, so that the bounds are those of the process however the kernel spreads connections.
//
// Addresses are counted in a count-min sketch (Cormode and Muthukrishnan, 2005) of fixed size: two cells each, found by a hash
// with a secret seed, of which the lower counts. It never counts too few; with 10,000 addresses open,
// it counts one too many for six in a thousand of them.
export interface ConnectionBounds {
  readonly mostOpen: number;
  /** 0: no bound. Behind a load balancer all connections come from its few addresses. */
  readonly mostPerAddress: number;
}

export interface ConnectionsShared {
  readonly cells: SharedArrayBuffer;
  readonly seed: number;
}

export type Entry = 'in' | 'full' | 'address-full';

/** A megabyte for both rows; the system gives only what is touched. */
const rowLength = 131_072;
const total = 0;
const firstRow = 1;
/** From here on tenants that hold more than their share of connections come last. */
const crowdedAt = 0.8;
/** More than its even part of the bound one thread does not take. */
const unevenness = 1.25;

export function createConnectionCounts(seed: number): ConnectionsShared {
  return { cells: new SharedArrayBuffer((firstRow + 2 * rowLength) * Int32Array.BYTES_PER_ELEMENT), seed };
}

export function openConnections({ cells }: ConnectionsShared): number {
  return Atomics.load(new Int32Array(cells), total);
}

export class ConnectionCounts {
  readonly #cells: Int32Array;
  readonly #seed: number;
  readonly #bounds: ConnectionBounds;
  readonly #mostOfThread: number;
  #ofThread = 0;

  constructor({ cells, seed }: ConnectionsShared, bounds: ConnectionBounds, threads: number) {
    this.#cells = new Int32Array(cells);
    this.#seed = seed;
    this.#bounds = bounds;
    this.#mostOfThread = threads === 1 ? bounds.mostOpen : Math.ceil((bounds.mostOpen / threads) * unevenness);
  }

  get isCrowded(): boolean {
    return Atomics.load(this.#cells, total) > crowdedAt * this.#bounds.mostOpen;
  }

  /**
   * `in` must be followed by one `leave`; the others not. An address at its bound is told so first: no other connection is
   * to be closed for one that cannot come in.
   * @param mayExceed another connection is being closed for this one.
   */
  enter(address: string, mayExceed = false): Entry {
    if (!this.#enterAddress(address)) return 'address-full';
    if (this.#ofThread >= this.#mostOfThread && !mayExceed) return this.#full(address);
    if (Atomics.add(this.#cells, total, 1) >= this.#bounds.mostOpen && !mayExceed) {
      Atomics.sub(this.#cells, total, 1);
      return this.#full(address);
    }
    this.#ofThread += 1;
    return 'in';
  }

  leave(address: string): void {
    this.#ofThread -= 1;
    Atomics.sub(this.#cells, total, 1);
    this.#leaveAddress(address);
  }

  #enterAddress(address: string): boolean {
    const { mostPerAddress } = this.#bounds;
    if (mostPerAddress === 0) return true;
    const [one, other] = this.#cellsOf(address);
    if (Math.min(Atomics.add(this.#cells, one, 1), Atomics.add(this.#cells, other, 1)) < mostPerAddress) return true;
    this.#leaveAddress(address);
    return false;
  }

  #leaveAddress(address: string): void {
    if (this.#bounds.mostPerAddress === 0) return;
    const [one, other] = this.#cellsOf(address);
    Atomics.sub(this.#cells, one, 1);
    Atomics.sub(this.#cells, other, 1);
  }

  #full(address: string): Entry {
    this.#leaveAddress(address);
    return 'full';
  }

  #cellsOf(address: string): [number, number] {
    const subject = subjectOf(address);
    // FNV-1a over the seed and the text, mixed by MurmurHash3's finalizer; half of its bits for each row.
    let hash = 0x81_1c_9d_c5 ^ this.#seed;
    for (let index = 0; index < subject.length; index += 1)
      hash = Math.imul(hash ^ subject.charCodeAt(index), 0x01_00_01_93);
    const one = mix(hash);
    return [firstRow + (one & (rowLength - 1)), firstRow + rowLength + (mix(one ^ this.#seed) & (rowLength - 1))];
  }
}

/** Who has one IPv6 address usually has 2^64: they count as one. */
function subjectOf(address: string): string {
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7);
  if (!address.includes(':')) return address;
  const [left = '', right = ''] = address.split('::', 2);
  const head = left === '' ? [] : left.split(':');
  const zeros = address.includes('::') ? 8 - head.length - (right === '' ? 0 : right.split(':').length) : 0;
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...(right === '' ? [] : right.split(':'))];
  return groups.slice(0, 4).join(':');
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
