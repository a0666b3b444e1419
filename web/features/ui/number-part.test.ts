import { upstreamLimitsSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { isSaid, numberField, numbersOf, readNumber, remedyOf, said } from './number-part';

const { connections, requests } = upstreamLimitsSchema.shape;

test('the bounds and the usual number of a field are those of the schema', () => {
  expect(numberField(connections)).toEqual({ least: 1, most: 100_000, usual: 1024 });
  expect(numberField(requests)).toEqual({ least: 1, most: 1_000_000, usual: undefined });
});

test('an empty text says nothing', () => {
  expect(numbersOf({ a: ' ', b: '7' })).toEqual({ b: 7 });
  expect([isSaid({ a: '', b: ' ' }), isSaid({ a: '0' })]).toEqual([false, true]);
});

test('commas group thousands and nothing else: 1,5 is not fifteen', () => {
  expect(readNumber('1,024,000')).toBe(1_024_000);
  for (const text of ['1,5', '1024,5', ',5', 'ten']) expect(readNumber(text)).toBeNaN();
});

test('a text that the schema refuses gets its remedy, and one that it takes gets none', () => {
  const field = numberField(connections);
  for (const text of ['0', '100001', '1.5', '1,5', 'many', '-3']) {
    expect(remedyOf(text, field)).toBe('Write a whole number from 1 to 100,000, or nothing.');
    expect(upstreamLimitsSchema.safeParse(said('connections', text)).success).toBe(false);
  }
  for (const text of ['', '1', '100,000']) {
    expect(remedyOf(text, field)).toBeUndefined();
    expect(upstreamLimitsSchema.safeParse(said('connections', text)).success).toBe(true);
  }
});
