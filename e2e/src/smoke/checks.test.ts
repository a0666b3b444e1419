import { expect, test } from 'vitest';
import type { Answer } from '../traffic.js';
import { checksOf, type SmokeNumbers } from './checks.js';

const answer = (index: number): Answer => {
  const isCanary = index % 10 === 0 && index < 900;
  const isAccepted = index < 900;
  return {
    id: `req_${index}`,
    status: isAccepted ? 200 : 429,
    arm: isAccepted ? (isCanary ? 'canary' : 'stable') : '',
    version: isAccepted ? (isCanary ? 'v2' : 'v1') : '',
    gateway: index % 2,
    doneAtMs: index,
  };
};

const good: SmokeNumbers = {
  limit: 900,
  answers: Array.from({ length: 1000 }, (_, index) => answer(index)),
  unspent: 0,
  rows: 1000,
  distinctRows: 1000,
  rollup: 1000,
  usageAccepted: 900,
  usageLimited: 100,
};

const failed = (change: Partial<SmokeNumbers>): string[] =>
  checksOf({ ...good, ...change })
    .filter((check) => !check.isMet)
    .map((check) => check.name);

test('right numbers meet every check', () => {
  expect(failed({})).toEqual([]);
});

test('a dropped segment is seen in rows, distinct ids, roll-up and usage', () => {
  expect(failed({ rows: 950, distinctRows: 950, rollup: 950, usageAccepted: 850 })).toEqual([
    'rows in ClickHouse',
    'distinct request ids in ClickHouse',
    'accepted, by the usage API',
  ]);
});

test('one request over the limit is seen', () => {
  const answers = good.answers.with(900, { ...answer(899), id: 'req_900' });
  expect(failed({ answers })).toContain('accepted + unspent');
});

test('a doubled row is seen, though every id is there', () => {
  expect(failed({ rows: 1001, rollup: 1001 })).toEqual(['rows in ClickHouse']);
});

test('a number that could not be read is no right number', () => {
  expect(failed({ unspent: Number.NaN })).toEqual(['accepted + unspent', 'unspent']);
});

test('an arm that another version answered is seen', () => {
  const answers = good.answers.with(10, { ...answer(10), version: 'v1' });
  expect(failed({ answers })).toEqual(['answers of an arm by another version']);
});
