import { describe, expect, test } from 'vitest';
import { refusedWord, upstreamWord } from './health/health-table.js';
import { TryHealth } from './health/try-health.js';

const [a, b] = ['http://a.test', 'http://b.test'];

function start(limits: object): TryHealth {
  const around = new TryHealth({ threads: 2 });
  around.publish({ users: { targets: [{ url: a }, { url: b }], limits } });
  return around;
}
const refused = (around: TryHealth, limit: keyof typeof refusedWord): number =>
  around.health.table.refused.read(refusedWord[limit]);

describe('the circuit breaker', () => {
  test('lets in so many requests over all threads, and another one when one has ended', () => {
    const around = start({ requests: 2 });
    const [one, two] = [around.set(0), around.set(1)];
    expect([one.begin(), two.begin(), one.begin(), two.begin()]).toEqual([true, true, false, false]);
    two.end();
    expect([one.begin(), two.begin()]).toEqual([true, false]);
    expect(refused(around, 'requests')).toBe(3);
  });

  test('bounds what is in flight through a revision, old and new together', () => {
    const around = start({ requests: 2 });
    const before = around.set();
    before.begin();
    around.publish({ users: { targets: [{ url: a }, { url: b }], limits: { requests: 2 }, balance: 'least-request' } });
    const after = around.set();
    expect(after).not.toBe(before);
    expect([after.begin(), after.begin()]).toEqual([true, false]);
    before.end();
    expect(after.begin()).toBe(true);
  });

  test('lets so many requests wait for a connection', () => {
    const around = start({ pending: 1 });
    expect([around.set(0).takePending(), around.set(1).takePending()]).toEqual([true, false]);
    around.set(0).givePending();
    expect(around.set(1).takePending()).toBe(true);
    expect(refused(around, 'pending')).toBe(1);
  });

  test('counts the connections to each target over all threads, and leaves each thread one', () => {
    const around = start({ connections: 2 });
    const [one, two] = [around.set(0), around.set(1)];
    const [ofOne, ofTwo] = [around.target(a, 0), around.target(a, 1)];
    expect([one.takeConnection(ofOne), one.takeConnection(ofOne), one.takeConnection(ofOne)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([two.takeConnection(ofTwo), two.takeConnection(ofTwo)]).toEqual([true, false]);
    expect(one.takeConnection(around.target(b))).toBe(true);
    one.giveConnection(ofOne);
    two.giveConnection(ofTwo);
    expect(one.takeConnection(ofOne)).toBe(true);
  });

  test('lets so many repetitions be under way, whatever the budget says', () => {
    const around = start({ retries: 1 });
    const [one, two] = [around.set(0), around.set(1)];
    expect([one.takeRetry(0), two.takeRetry(0)]).toEqual([true, false]);
    one.giveRetry();
    expect(two.takeRetry(0)).toBe(true);
    expect(refused(around, 'retries')).toBe(1);
  });

  test('a repetition that the budget refuses takes none of the bound', () => {
    const around = start({ retries: 100 });
    const set = around.set();
    let taken = 0;
    while (set.takeRetry(0)) taken += 1;
    for (let turn = 0; turn < taken; turn += 1) set.giveRetry();
    expect(taken).toBeGreaterThan(0);
    // The first row is the first upstream's.
    expect(around.health.table.row({ row: 1, generation: 1 }).read(upstreamWord.retries)).toBe(0);
  });
});

test('least-request sees what all threads have in flight', () => {
  const around = new TryHealth({ threads: 2 });
  around.publish({ users: { targets: [{ url: a }, { url: b }], balance: 'least-request' } });
  const busy = around.target(a, 0);
  around.set(0).beginTry(busy);
  expect(new Set(around.picks(10, { thread: 1 }))).toEqual(new Set([b]));
  around.set(0).endTry(busy);
  expect(around.picks(1, { thread: 1 })).toHaveLength(1);
});

test('a revision that says the same of an upstream goes on where it was: no turn begins anew', () => {
  const around = start({});
  const before = around.set();
  const [first] = around.picks(1);
  around.publish({ users: { targets: [{ url: a }, { url: b }], limits: {} }, other: { targets: [{ url: a }] } });
  expect(around.set()).toBe(before);
  expect(around.picks(1)).not.toEqual([first]);
});
