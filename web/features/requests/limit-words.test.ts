import { limitName, limitSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { limitWords } from './limit-words';

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
