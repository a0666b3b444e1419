import { assert, integer, array, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { column, createCounters, emptyRow, readTraffic, ThreadCounters } from './counters.js';
import { NamedEnvironments } from './named-environments.js';

const everybody = (): boolean => true;
const ended = { status: 200, code: '', durationMs: 1, sentBytes: 2, receivedBytes: 3 } as const;

function setUp(most: number, threads = 1) {
  const shared = createCounters(threads);
  const counting = Array.from({ length: threads }, (_, thread) => new ThreadCounters(shared, thread));
  const named = new NamedEnvironments(most);
  return {
    named,
    counting,
    serve: (id: string | undefined, count: number, thread = 0): void => {
      for (let served = 0; served < count; served += 1) {
        const counters = counting[thread];
        counters?.end(counters.begin(id), ended);
      }
    },
    look: (isKnown: (id: string) => boolean = everybody) => named.look(readTraffic(shared), isKnown),
    names: () => [...named.series()].map(([id]) => id).toSorted(),
    countOf: (id: string) => new Map(named.series()).get(id)?.[column.durationCount] ?? 0,
    others: () => named.others[column.durationCount] ?? 0,
    traffic: () => readTraffic(shared),
  };
}

test('no more environments than the cap have series of their own, and the rest is counted together', () => {
  const { serve, look, names, others, countOf } = setUp(2);
  for (const id of ['env_a', 'env_b', 'env_c', 'env_d']) serve(id, 10);
  look();
  expect(names()).toHaveLength(2);
  expect([countOf(names()[0] ?? ''), others()]).toEqual([10, 20]);
});

test('the busiest are told apart once they have been ranked', () => {
  const { serve, look, names, named } = setUp(2);
  for (const id of ['env_a', 'env_b']) serve(id, 1);
  look();
  serve('env_c', 100);
  serve('env_d', 50);
  look();
  named.rank(everybody);
  expect(names()).toEqual(['env_c', 'env_d']);
});

test('two environments that are alike do not take turns', () => {
  const { serve, look, names, named } = setUp(1);
  serve('env_a', 100);
  look();
  for (let minute = 0; minute < 20; minute += 1) {
    serve('env_a', 100);
    serve('env_b', minute % 2 === 0 ? 120 : 90);
    look();
    named.rank(everybody);
    expect(names()).toEqual(['env_a']);
  }
});

test('an environment that is gone gives its place away', () => {
  const { serve, look, names } = setUp(1);
  serve('env_a', 5);
  look();
  serve('env_b', 5);
  look((id) => id !== 'env_a');
  look((id) => id !== 'env_a');
  serve('env_b', 1);
  look((id) => id !== 'env_a');
  expect(names()).toEqual(['env_b']);
});

test('what is in flight is told of whoever has a name now', () => {
  const { counting, look, named } = setUp(1);
  const rows = ['env_a', 'env_b', 'env_b'].map((id) => counting[0]?.begin(id) ?? 0);
  look();
  const inFlight = (row: Float64Array | undefined): number => row?.[column.inFlight] ?? 0;
  expect(inFlight(new Map(named.series()).get('env_a'))).toBe(1);
  expect(inFlight(named.others)).toBe(2);
  for (const row of rows) counting[0]?.end(row, ended);
  look();
  expect(inFlight(named.others)).toBe(0);
});

test('series only grow, and together they grow by what was served, whatever is named when', () => {
  const minutes = array(array(tuple(integer({ min: 0, max: 9 }), integer({ min: 1, max: 40 })), { maxLength: 12 }), {
    maxLength: 12,
  });
  assert(
    property(minutes, integer({ min: 0, max: 4 }), (drawn, most) => {
      const { serve, look, named, others, names, countOf, traffic } = setUp(most, 2);
      for (const served of drawn) {
        const before = { others: others(), series: new Map(names().map((id) => [id, countOf(id)])) };
        const sumBefore = before.others + [...before.series.values()].reduce((sum, count) => sum + count, 0);
        let all = 0;
        for (const [environment, count] of served) {
          serve(`env_${environment}`, count, environment % 2);
          all += count;
        }
        look();
        expect(names().length).toBeLessThanOrEqual(most);
        expect(others()).toBeGreaterThanOrEqual(before.others);
        for (const [id, count] of before.series) expect(countOf(id)).toBeGreaterThanOrEqual(count);
        expect(others() + names().reduce((sum, id) => sum + countOf(id), 0)).toBe(sumBefore + all);
        named.rank(everybody);
      }
      expect(traffic().total[column.durationCount]).toBe(drawn.flat().reduce((sum, [, count]) => sum + count, 0));
    }),
    { numRuns: 100 },
  );
});

test('environments beyond the rows of a thread, and those of nobody, are counted all the same', () => {
  const { serve, traffic } = setUp(1);
  for (let environment = 0; environment < 4200; environment += 1) serve(`env_${environment}`, 1);
  serve(undefined, 3);
  const { total, crowd, nobody, byEnvironment } = traffic();
  expect(total[column.durationCount]).toBe(4203);
  expect(nobody[column.durationCount]).toBe(3);
  expect((crowd[column.durationCount] ?? 0) + byEnvironment.size).toBe(4200);
  expect(crowd[column.durationCount]).toBeGreaterThan(0);
});

test('a request is counted by its class, its problem, its bytes and its duration', () => {
  const { counting, traffic } = setUp(1);
  const counters = counting[0];
  counters?.end(counters.begin('env_a'), {
    status: 429,
    code: 'limit_exceeded',
    durationMs: 7,
    sentBytes: 11,
    receivedBytes: 13,
  });
  const row = traffic().byEnvironment.get('env_a') ?? emptyRow();
  expect(row.filter((value) => value !== 0).toSorted()).toEqual(
    Float64Array.from([0.007, 1, 1, 1, 1, 11, 13]).toSorted(),
  );
  expect(row[column.status + 2]).toBe(1);
  expect(row[column.bucket + 3]).toBe(1);
});
