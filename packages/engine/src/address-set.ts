// Many networks as sorted ranges: whether an address is in one is found by halves, so that 10,000 networks cost 14 looks.
// Plain data, so that it can be handed to another thread.
import type { Address } from './address.js';
import { parseAddress } from './address.js';

export interface AddressSet {
  /** First and last addresses in turn; ranges neither touch nor overlap. */
  readonly ipv4: Uint32Array;
  readonly ipv6: readonly string[];
}

export type Network = { readonly first: Address; readonly last: Address };
export type NetworkFault = 'malformed' | { readonly network: string; readonly address: string };

/** An address, or a network such as `10.0.0.0/8`. A fault that is no `malformed`: it names an address inside of a network. */
export function parseNetwork(text: string): Network | NetworkFault {
  const slash = text.indexOf('/');
  const written = slash < 0 ? text : text.slice(0, slash);
  const address = text.includes('%') ? undefined : parseAddress(written);
  if (address === undefined) return 'malformed';
  if (slash < 0) return { first: address, last: address };
  const length = text.slice(slash + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(length)) return 'malformed';
  const isMapped = address.family === 4 && written.includes(':');
  const bits = Number(length) - (isMapped ? 96 : 0);
  if (bits < 0 || bits > (address.family === 4 ? 32 : 128)) return 'malformed';
  const network = networkOf(address, bits);
  if (network.first.value === address.value) return network;
  return { network: `${textOf(network.first)}/${bits}`, address: textOf(address) };
}

export function addressSet(networks: readonly Network[]): AddressSet {
  const ipv4 = networks.flatMap(({ first, last }) =>
    first.family === 4 && last.family === 4 ? [[first.value, last.value] as const] : [],
  );
  const ipv6 = networks.flatMap(({ first, last }) =>
    first.family === 6 && last.family === 6 ? [[first.value, last.value] as const] : [],
  );
  return {
    ipv4: Uint32Array.from(merged(ipv4, (value) => value + 1).flat()),
    ipv6: merged(ipv6, (value) => value).flat(),
  };
}

export function hasAddress({ ipv4, ipv6 }: AddressSet, address: Address): boolean {
  return address.family === 4 ? isWithin(ipv4, address.value) : isWithin(ipv6, address.value);
}

/** Whether all of a network is in the set. */
export function hasNetwork(set: AddressSet, { first, last }: Network): boolean {
  const ends = first.family === 4 ? set.ipv4 : set.ipv6;
  const index = rangeOf<number | string>(ends, first.value);
  return index >= 0 && (ends[index + 1] ?? '') >= last.value;
}

// The ranges stand behind each other: an address is in the last one that begins before it, or in none.
function isWithin<Value extends number | string>(ends: ArrayLike<Value>, value: Value): boolean {
  const index = rangeOf(ends, value);
  return index >= 0 && (ends[index + 1] as Value) >= value;
}

/** Where the last range begins that begins at or before the value; -1: none does. */
function rangeOf<Value extends number | string>(ends: ArrayLike<Value>, value: Value): number {
  let low = 0;
  let high = ends.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle * 2] as Value) <= value) low = middle + 1;
    else high = middle;
  }
  return (low - 1) * 2;
}

function merged<Value extends number | string>(
  ranges: readonly (readonly [first: Value, last: Value])[],
  next: (value: Value) => Value,
): [Value, Value][] {
  const sorted = ranges.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  const result: [Value, Value][] = [];
  for (const [first, last] of sorted) {
    const open = result.at(-1);
    if (open === undefined || first > next(open[1])) result.push([first, last]);
    else if (last > open[1]) open[1] = last;
  }
  return result;
}

function networkOf(address: Address, bits: number): Network {
  if (address.family === 4) {
    const size = 2 ** (32 - bits);
    const first = Math.floor(address.value / size) * size;
    return { first: { family: 4, value: first }, last: { family: 4, value: first + size - 1 } };
  }
  const value = BigInt(`0x${address.value}`);
  const size = 1n << BigInt(128 - bits);
  const first = (value / size) * size;
  const hex = (number: bigint): string => number.toString(16).padStart(32, '0');
  return { first: { family: 6, value: hex(first) }, last: { family: 6, value: hex(first + size - 1n) } };
}

/** As a remedy writes it: not the shortest form, but one that is read back. */
function textOf({ family, value }: Address): string {
  if (family === 6) return value.replaceAll(/(.{4})(?=.)/g, '$1:').replace(/(?::0000)+$/, '::');
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
