import { expect, test, vi } from 'vitest';
import { inTurns, median, percentile, reportFigures, type Measured } from './figures.js';

const report = async (measured: readonly Measured[], ...args: string[]): Promise<string> => {
  let written = '';
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  try {
    await reportFigures(async () => measured, args);
  } finally {
    stdout.mockRestore();
  }
  return written;
};

test('a program gets one line with every figure, what it must reach, and whether it does', async () => {
  const line = await report(
    [
      { name: 'trips', value: 0.01, unit: 'ratio', atMost: 0.02, better: 0.005 },
      { name: 'share used', value: 98, unit: '%', atLeast: 99.5 },
      { name: 'admitted over the limit', value: 0, unit: 'units', atMost: 0 },
      { name: 'demand', value: 7, unit: 'requests' },
    ],
    '--json',
  );
  expect(line.endsWith('}\n')).toBe(true);
  const { figures, machine, commit } = JSON.parse(line) as { figures: unknown; machine: string; commit: string };
  expect(figures).toEqual([
    { name: 'trips', value: 0.01, unit: 'ratio', reach: 0.02, better: 0.005, met: true },
    { name: 'share used', value: 98, unit: '%', reach: 99.5, better: null, met: false },
    { name: 'admitted over the limit', value: 0, unit: 'units', reach: 0, better: null, met: true },
    { name: 'demand', value: 7, unit: 'requests', reach: null, better: null, met: null },
  ]);
  expect([typeof machine, typeof commit]).toEqual(['string', 'string']);
});

test('a figure that falls short is told, and is no failure', async () => {
  const former = process.exitCode;
  expect(await report([{ name: 'wait', value: 3, unit: 'ms', atMost: 2 }])).toMatch(/wait +3 ms +reach 2 +NOT met\n/);
  expect(process.exitCode).toBe(former);
});

test('what could not be measured ends the command with 1 and prints no figure', async () => {
  const former = process.exitCode;
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    expect(await report([{ name: 'wait', value: Number.NaN, unit: 'ms' }], '--json')).toBe('');
    expect(process.exitCode).toBe(1);
  } finally {
    process.exitCode = former;
    stderr.mockRestore();
  }
});

test('contestants take turns, three times at least', async () => {
  const order: string[] = [];
  const results = await inTurns(1, [() => order.push('a'), () => order.push('b')]);
  expect(order.join('')).toBe('ababab');
  expect(results).toEqual([
    [1, 3, 5],
    [2, 4, 6],
  ]);
});

test('a percentile is one of the numbers, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([median(hundred), percentile(hundred, 0.99), percentile(hundred, 1), percentile([7], 0.01)]).toEqual([
    50, 99, 100, 7,
  ]);
});
