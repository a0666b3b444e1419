// How large a lease is, by how fast units went and by how many are left.
import { expect, test } from 'vitest';
import { ampleLeaseMs, leaseMs, UnitFlow } from './unit-flow.js';

/** After so many leases, each spent at one unit a millisecond. */
function leaseAfter(leases: number, left: number, mostMs = Infinity): number {
  let balance = 0;
  let nowMs = 0;
  const flow = new UnitFlow(() => balance, nowMs);
  for (let count = 0; count < leases; count += 1) {
    flow.granted(flow.lease, nowMs);
    nowMs += flow.lease;
    balance = 0;
    flow.resizeLease(nowMs, left, mostMs);
  }
  return flow.lease;
}

test('a lease grows from one unit, at most doubling', () => {
  expect(leaseAfter(0, 1e9)).toBe(1);
  expect(leaseAfter(1, 1e9)).toBe(2);
  expect(leaseAfter(3, 1e9)).toBe(8);
});

test('where plenty is left, a lease lasts a second at the rate seen', () => {
  expect(leaseAfter(20, 1e9)).toBe(ampleLeaseMs);
});

test('where a second of it is more than one part in 200 of what is left, it is short: others want units too', () => {
  expect(leaseAfter(20, 200 * ampleLeaseMs)).toBe(leaseMs);
  expect(leaseAfter(20, 200 * ampleLeaseMs + 1)).toBe(ampleLeaseMs);
});

test('a lease lasts no longer than its units live', () => {
  expect(leaseAfter(20, 1e9, 200)).toBe(200);
  expect(leaseAfter(20, 1e9, 10)).toBe(leaseMs);
});
