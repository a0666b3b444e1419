import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitInWords, limitName, limitSchema, limitShape } from './limit.js';

const limit = (window: string) => limitSchema.parse({ window });

test('every window that the schema takes can be read, and is neither empty nor endless', () => {
  const windows = fc.tuple(
    fc.integer({ min: 1, max: 1e9 }),
    fc.integer({ min: 1, max: 9999 }),
    fc.constantFrom('s', 'm', 'h', 'd'),
  );
  fc.assert(
    fc.property(windows, ([units, count, unit]) => {
      const read = limitShape(limit(`${units}/${count}${unit}`));
      expect(read).toMatchObject({ kind: 'window', units, isSliding: false });
      expect('periodMs' in read && read.periodMs).toBeGreaterThanOrEqual(1000);
    }),
  );
});

test('raising a limit keeps its name, so what was used stays used', () => {
  expect(limitName(limit('900/day'))).toBe(limitName(limit('1000/day')));
  expect(limitName(limit('900/day'))).toBe(limitName(limit('900/24h')));
  expect(limitName(limit('900/day'))).not.toBe(limitName(limit('900/hour')));
});

test.each(['0/day', '-1/day', '1.5/day', '10/week', '10', '10/0h', '10 / day', ''])(
  '%j is refused as a window',
  (window) => {
    expect(limitSchema.safeParse({ window }).success).toBe(false);
  },
);

test('a limit reads as a sentence', () => {
  expect(limitInWords(limit('10000/day'))).toBe('10,000 requests a day');
  expect(limitInWords(limit('1/hour'))).toBe('1 request an hour');
  expect(limitInWords(limit('50/36h'))).toBe('50 requests every 36h');
  const words = (text: object) => limitInWords(limitSchema.parse(text));
  expect(words({ rate: '100/second', burst: 20 })).toBe('100 requests a second, evenly, 20 at once');
  expect(words({ window: '60/minute', sliding: true })).toBe('60 requests in any minute');
  expect(words({ quota: '10000/month' })).toBe('10,000 requests a month');
  expect(words({ quota: '10000/month', anchor: 'subscription' })).toBe(
    '10,000 requests a month from the start of the subscription',
  );
  expect(words({ concurrency: 10 })).toBe('10 requests at a time');
});

test.each([
  [{}, []],
  [{ rate: '1/second', window: '1/second' }, ['window']],
  [{ window: '1/second', burst: 2 }, ['burst']],
  [{ rate: '1/second', sliding: true }, ['sliding']],
  [{ window: '1/month' }, ['window']],
  [{ quota: '1/36h' }, ['quota']],
  [{ concurrency: 0 }, ['concurrency']],
])('%j is refused at %j', (text, path) => {
  const read = limitSchema.safeParse(text);
  expect(read.error?.issues.map((issue) => issue.path)).toEqual([path]);
});
