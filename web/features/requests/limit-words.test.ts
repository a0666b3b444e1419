import { limitName, limitSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { limitWords, withLimitWords } from './limit-words';

const wordsOf = (limit: object) => limitWords(limitName(limitSchema.parse(limit)));

test('the names of all kinds of limits read as people say them', () => {
  expect([
    wordsOf({ window: '900/day' }),
    wordsOf({ window: '50/36h' }),
    wordsOf({ window: '100/minute', sliding: true }),
    wordsOf({ rate: '10/second' }),
    wordsOf({ quota: '10000/month', anchor: 'subscription' }),
    wordsOf({ concurrency: 10 }),
  ]).toEqual(['per day', 'per 36 hours', 'in any minute', 'per second, evenly', 'per month', 'at a time']);
});

test('a name that somebody chose is told from those', () => {
  expect(wordsOf({ name: 'daily', window: '900/day' })).toBeUndefined();
  expect(['window-0', 'quota', 'minute-60000', ''].map(limitWords)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a sentence reads without the names that nobody chose, and keeps those that somebody did', () => {
  expect(
    [
      'The limit window-3600000 of 100000 units had room: this gateway held 12 of them.',
      'The limit quota-month could not be checked.',
      'The limit concurrency of 10 units was used up for another 1 s.',
      'The limit daily of 900 units had room.',
    ].map(withLimitWords),
  ).toEqual([
    'The limit of 100,000 units per hour had room: this gateway held 12 of them.',
    'The limit per month could not be checked.',
    'The limit of 10 units at a time was used up for another 1 s.',
    'The limit daily of 900 units had room.',
  ]);
});
