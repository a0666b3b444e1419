import { expect, test } from 'vitest';
import { bpsToPercent, bytes, compact, duration, milliseconds, percent, plural } from './numbers';

test('a share keeps the digits that matter and never invents one of an empty whole', () => {
  expect([percent(21, 10_000), percent(41, 1000), percent(38, 100), percent(0, 5), percent(1, 1_000_000)]).toEqual([
    '0.21',
    '4.1',
    '38',
    '0',
    '<0.01',
  ]);
  expect(percent(0, 0)).toBe('–');
});

test('large counts shorten, small ones stay exact', () => {
  expect([compact(9999), compact(12_400), compact(1_240_000)]).toEqual(['9,999', '12.4K', '1.24M']);
});

test('durations, sizes and weights carry their unit', () => {
  expect([duration(2000), duration(300_000), duration(10_800_000), duration(172_800_000)]).toEqual([
    '2 s',
    '5 min',
    '3 h',
    '2 d',
  ]);
  expect([bytes(12), bytes(1500), bytes(2_500_000)]).toEqual(['12 B', '1.5 kB', '2.5 MB']);
  expect([bpsToPercent(500), bpsToPercent(50), bpsToPercent(10_000)]).toEqual(['5', '0.5', '100']);
});

test('a latency that was not measured is a dash, not zero', () => {
  expect([milliseconds(null), milliseconds(0.31), milliseconds(184.2)]).toEqual(['–', '0.3', '184']);
});

test('one is singular', () => {
  expect([plural(1, 'gateway'), plural(2, 'gateway')]).toEqual(['1 gateway', '2 gateways']);
});
