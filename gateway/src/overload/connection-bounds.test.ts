import { expect, test } from 'vitest';
import {
  ConnectionCounts,
  createConnectionCounts,
  openConnections,
  type ConnectionsShared,
} from './connection-bounds.js';

/** The counts of a process of two threads. */
function twoThreads(
  mostOpen: number,
  mostPerAddress: number,
): { shared: ConnectionsShared; one: ConnectionCounts; two: ConnectionCounts } {
  const shared = createConnectionCounts(7);
  const counts = (): ConnectionCounts => new ConnectionCounts(shared, { mostOpen, mostPerAddress }, 2);
  return { shared, one: counts(), two: counts() };
}

test('the bound is that of all threads together, and who leaves makes room in each', () => {
  const { shared, one, two } = twoThreads(10, 0);
  const entries = Array.from({ length: 6 }, () => [one.enter('10.0.0.1'), two.enter('10.0.0.2')]).flat();
  expect(entries.filter((entry) => entry === 'in').length).toBe(10);
  expect([one.enter('10.0.0.3'), openConnections(shared), one.isCrowded]).toEqual(['full', 10, true]);
  two.leave('10.0.0.2');
  two.leave('10.0.0.2');
  expect([one.isCrowded, one.enter('10.0.0.3'), openConnections(shared)]).toEqual([false, 'in', 9]);
});

test('one thread takes no more than a quarter above its even part', () => {
  const counts = new ConnectionCounts(createConnectionCounts(1), { mostOpen: 100, mostPerAddress: 0 }, 4);
  const entries = Array.from({ length: 40 }, () => counts.enter('10.0.0.1'));
  expect(entries.filter((entry) => entry === 'in').length).toBe(32);
});

test('an address has its bound over all threads, others are not touched, and what leaves is free again', () => {
  const { shared, one, two } = twoThreads(1000, 3);
  expect([one.enter('10.0.0.1'), two.enter('10.0.0.1'), one.enter('10.0.0.1')]).toEqual(['in', 'in', 'in']);
  expect([one.enter('10.0.0.1'), two.enter('::ffff:10.0.0.1'), two.enter('10.0.0.2')]).toEqual([
    'address-full',
    'address-full',
    'in',
  ]);
  two.leave('10.0.0.1');
  expect([one.enter('10.0.0.1'), openConnections(shared)]).toEqual(['in', 4]);
});

test('an address that is at its bound is told so when the process is full too: nobody makes room for it', () => {
  const shared = createConnectionCounts(7);
  const counts = new ConnectionCounts(shared, { mostOpen: 3, mostPerAddress: 2 }, 1);
  expect([counts.enter('10.0.0.1'), counts.enter('10.0.0.1'), counts.enter('10.0.0.2')]).toEqual(['in', 'in', 'in']);
  expect([counts.enter('10.0.0.1'), counts.enter('10.0.0.2'), openConnections(shared)]).toEqual([
    'address-full',
    'full',
    3,
  ]);
  // What was refused is not counted against its address either.
  counts.leave('10.0.0.1');
  expect([counts.enter('10.0.0.2'), openConnections(shared)]).toEqual(['in', 3]);
});

test('the addresses of one IPv6 network of 64 bits count as one', () => {
  const counts = new ConnectionCounts(createConnectionCounts(7), { mostOpen: 1000, mostPerAddress: 2 }, 1);
  expect([
    counts.enter('2001:db8:1:2::1'),
    counts.enter('2001:db8:1:2:ffff:0:0:1'),
    counts.enter('2001:db8:1:2::3'),
    counts.enter('2001:db8:1:3::1'),
    counts.enter('2001:db8::1'),
    counts.enter('::1'),
  ]).toEqual(['in', 'in', 'address-full', 'in', 'in', 'in']);
});

test('of 10,000 addresses with one connection each, few share the cells of another', () => {
  const counts = new ConnectionCounts(createConnectionCounts(12_345), { mostOpen: 100_000, mostPerAddress: 1 }, 1);
  let refused = 0;
  for (let index = 0; index < 10_000; index += 1)
    if (counts.enter(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`) !== 'in') refused += 1;
  expect(refused).toBeLessThan(100);
});
