import { upstreamSpecSchema } from '@sluice/contracts';
import { describe, expect, test } from 'vitest';
import { targetWord } from './health/health-table.js';
import { TryHealth } from './health/try-health.js';

const [a, b, c, d] = ['http://a.test', 'http://b.test', 'http://c.test', 'http://d.test'];
const targets = (...urls: readonly string[]) => urls.map((url) => ({ url }));
const users = (ejection: object = {}, urls = [a, b]) => ({ users: { targets: targets(...urls), ejection } });

function start(ejection: object = {}, urls = [a, b], threads = 1): TryHealth {
  const around = new TryHealth({ threads });
  around.publish(users(ejection, urls));
  return around;
}

describe('failures in a row', () => {
  test('eject a target at the number that is said, and not before', () => {
    const around = start({ consecutive5xx: 3, consecutiveGatewayErrors: 0 });
    around.answers(a, 500, 2);
    expect(new Set(around.picks(4))).toEqual(new Set([a, b]));
    around.answers(a, 500, 1);
    expect(new Set(around.picks(4))).toEqual(new Set([b]));
  });

  test('count over all threads, and a target is out for all of them', () => {
    const around = start({ consecutive5xx: 4 }, [a, b], 2);
    around.answers(a, 500, 2, 0);
    around.answers(a, 500, 2, 1);
    expect(around.picks(4, { thread: 0 })).toEqual([b, b, b, b]);
    expect(around.picks(4, { thread: 1 })).toEqual([b, b, b, b]);
  });

  test('are forgotten by a good answer', () => {
    const around = start({ consecutive5xx: 3 });
    around.answers(a, 500, 2);
    around.answers(a, 404, 1);
    around.answers(a, 500, 2);
    expect(new Set(around.picks(4))).toEqual(new Set([a, b]));
  });

  test.each([
    ['502, 503 and 504 answers', (around: TryHealth) => [502, 503, 504].map((status) => around.answers(a, status, 1))],
    [
      'broken and late answers',
      (around: TryHealth) => {
        for (const failure of ['upstream_failed', 'upstream_timeout', 'upstream_failed'] as const)
          around.set().onFailure(around.target(a), failure, true);
      },
    ],
    [
      'connections that cannot be opened',
      (around: TryHealth) => {
        for (let turn = 0; turn < 3; turn += 1) around.set().onFailure(around.target(a), 'upstream_unreachable', false);
      },
    ],
  ])('are told apart: %s', (_what, fail) => {
    const around = start({ consecutive5xx: 0, consecutiveGatewayErrors: 3, consecutiveConnectFailures: 3 });
    around.answers(a, 500, 10);
    expect(new Set(around.picks(4))).toEqual(new Set([a, b]));
    fail(around);
    expect(new Set(around.picks(4))).toEqual(new Set([b]));
  });

  test('of all kinds count as 5xx', () => {
    const around = start({ consecutive5xx: 3, consecutiveGatewayErrors: 0, consecutiveConnectFailures: 0 });
    around.answers(a, 500, 1);
    around.answers(a, 503, 1);
    around.set().onFailure(around.target(a), 'upstream_unreachable', false);
    expect(new Set(around.picks(4))).toEqual(new Set([b]));
  });
});

describe('how many are ejected at once', () => {
  const all = [a, b, c, d];
  const failAll = (around: TryHealth) => {
    for (const key of all) around.answers(key, 500, 1);
  };

  test.each([
    [50, 2],
    [100, 4],
    [1, 1],
    [0, 0],
  ])('with maxPercent %i of four targets: %i', (maxPercent, out) => {
    const around = start({ consecutive5xx: 1, maxPercent, panicPercent: 0 }, all);
    const used = all.map((key) => around.target(key));
    for (const target of used) around.set().onAnswer(target, 500);
    // None left is a panic, whatever is said.
    expect(new Set(around.picks(8)).size).toBe(out === 4 ? 4 : 4 - out);
    expect(around.set().isHealthy).toBe(out < 4);
  });

  test('below the panic threshold requests go to all of them again', () => {
    const around = start({ consecutive5xx: 1, maxPercent: 75, panicPercent: 50 }, all);
    around.answers(a, 500, 1);
    around.answers(b, 500, 1);
    expect(new Set(around.picks(8))).toEqual(new Set([c, d]));
    around.answers(c, 500, 1);
    expect(new Set(around.picks(8))).toEqual(new Set(all));
  });

  test('a single target is ejected and used all the same; a split sees that it is not well', () => {
    const around = start({}, [a]);
    expect(around.set().isHealthy).toBe(true);
    around.answers(a, 500, 5);
    expect(around.set().isHealthy).toBe(false);
    expect(around.picks(1)).toEqual([a]);
  });

  test('a hash moves those of the ejected target alone, and back again', async () => {
    const around = new TryHealth();
    around.publish({
      users: { targets: targets(...all), balance: 'consistent-hash', ejection: { consecutive5xx: 1 } },
    });
    const owners = () => Array.from({ length: 200 }, (_, index) => around.set().pick([], `user-${index}`)?.key);
    const before = owners();
    around.answers(a, 500, 1);
    expect(owners()).not.toContain(a);
    expect(owners().filter((key, index) => key !== before[index]).length).toBe(
      before.filter((key) => key === a).length,
    );
    await around.clock.pass(30_000);
    expect(owners()).toEqual(before);
    failAll(around);
  });
});

describe('an ejected target', () => {
  test('comes back after the base time, each time in a row later, and never later than the longest', async () => {
    const around = start({ consecutive5xx: 1, baseMs: 10_000, maxMs: 25_000 });
    for (const lastsMs of [10_000, 20_000, 25_000, 25_000]) {
      around.answers(a, 500, 1);
      await around.clock.pass(lastsMs - 1);
      expect(around.picks(2)).toEqual([b, b]);
      await around.clock.pass(1);
      expect(new Set(around.picks(2))).toEqual(new Set([a, b]));
    }
  });

  test('that was well for long begins anew', async () => {
    const around = start({ consecutive5xx: 1, baseMs: 10_000 });
    around.answers(a, 500, 1);
    await around.clock.pass(10_000);
    around.answers(a, 500, 1);
    await around.clock.pass(20_000 + 20_000);
    around.answers(a, 500, 1);
    await around.clock.pass(10_000);
    expect(new Set(around.picks(2))).toEqual(new Set([a, b]));
  });

  test.each([
    ['says the same', users({ consecutive5xx: 1 })],
    ['changes another upstream', { ...users({ consecutive5xx: 1 }), other: { targets: targets(c) } }],
    ['changes what is said of it', users({ consecutive5xx: 7, baseMs: 1000 })],
    ['brings another target', users({ consecutive5xx: 1 }, [a, b, c])],
    ['changes its balance', { users: { targets: targets(a, b), balance: 'least-request' } }],
  ])('stays out through a revision that %s', (_what, upstreams) => {
    const around = start({ consecutive5xx: 1 });
    around.answers(a, 500, 1);
    around.publish(upstreams);
    expect(around.picks(8)).not.toContain(a);
    expect(around.told).toEqual({});
  });

  test('that a revision removes leaves no trace: its place is free for another ejection', () => {
    const around = start({ consecutive5xx: 1, maxPercent: 50 });
    around.answers(a, 500, 1);
    around.publish(users({ consecutive5xx: 1, maxPercent: 50 }, [b, c]));
    around.answers(b, 500, 1);
    expect(around.picks(2)).toEqual([c, c]);
    around.publish(users({ consecutive5xx: 1 }, [a, b, c]));
    expect(new Set(around.picks(8))).toEqual(new Set([a, c]));
  });

  test('is let in at once by a revision that ejects nobody', () => {
    const around = start({ consecutive5xx: 1 });
    around.answers(a, 500, 1);
    around.publish(users({ maxPercent: 0 }));
    expect(new Set(around.picks(2))).toEqual(new Set([a, b]));
    expect(around.clock.running).toBe(1); // what tells of it
  });

  test('is told of, and told of again when it is back', async () => {
    const around = start({ consecutive5xx: 1 });
    around.answers(a, 500, 1);
    await around.clock.pass(1000);
    expect(around.told).toEqual({ [a]: 'ejected', [b]: 'unknown' });
    await around.clock.pass(30_000);
    expect(around.told).toEqual({ [a]: 'unknown', [b]: 'unknown' });
  });
});

describe('rows', () => {
  test('an upstream that goes leaves no timer, and what comes late of its requests writes nowhere', async () => {
    const around = new TryHealth({ rows: 49 });
    around.publish(users({ consecutive5xx: 1 }));
    const late = around.set();
    const target = around.target(a);
    late.beginTry(target);
    around.answers(a, 500, 1);
    await around.clock.pass(1000);
    expect(around.told[a]).toBe('ejected');
    around.retire();
    await around.clock.pass(1000);
    expect([around.clock.running, around.reports.at(-1)?.upstreams]).toEqual([0, []]);
    // Each of the other rows once, and then the same three for somebody else.
    for (let turn = 0; turn < 15; turn += 1) {
      around.publish(users());
      around.retire();
    }
    around.publish({ others: { targets: targets(c, d), ejection: { consecutive5xx: 1 } } });
    expect([...around.health.targets()].map(({ place }) => place?.row)).toEqual([3, 1]);
    late.endTry(target);
    late.onAnswer(target, 500);
    around.tell({ place: { row: 1, generation: 1 }, cause: '5xx' });
    around.tell({ place: { row: 3, generation: 1 }, cause: '5xx' });
    for (const row of [1, 2, 3]) {
      const words = around.health.table.row({ row, generation: 0 });
      const { state, active, fives } = targetWord;
      expect([state, active, fives].map((word) => words.read(word))).toEqual([0, 0, 0]);
    }
    await around.clock.pass(1000);
    expect(around.told).toEqual({ [c]: 'unknown', [d]: 'unknown' });
  });

  test('where the table is full requests go on, and nobody is ejected', () => {
    const around = new TryHealth({ rows: 2 });
    around.publish(users({ consecutive5xx: 1 }));
    around.answers(a, 500, 3);
    expect(new Set(around.picks(2))).toEqual(new Set([a, b]));
  });

  test('an upstream that was asked for before it was placed goes over to its rows', () => {
    const around = new TryHealth();
    const spec = upstreamSpecSchema.parse({ targets: targets(a, b), ejection: { consecutive5xx: 1 } });
    const early = around.threads[0]?.get('env_1', 'users', spec);
    const [target] = [early?.pick([], undefined)];
    if (target !== undefined) early?.onAnswer(target, 500);
    expect(early?.isHealthy).toBe(true);
    around.publish({ users: spec });
    const placed = around.threads[0]?.get('env_1', 'users', spec);
    expect(placed).not.toBe(early);
    around.answers(a, 500, 1);
    expect(new Set(around.picks(4))).toEqual(new Set([b]));
  });
});
