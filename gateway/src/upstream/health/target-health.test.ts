import { describe, expect, test } from 'vitest';
import { HealthTable, ownRow } from './health-table.js';
import { RowSupply } from './row-supply.js';
import { TryHealth } from './try-health.js';

const [a, b] = ['http://a.test', 'http://b.test'];
const both = [{ url: a }, { url: b }];
const health = { intervalMs: 10_000, unhealthyAfter: 3, healthyAfter: 2 };

describe('active checks', () => {
  const start = (more: object = {}): TryHealth => {
    const around = new TryHealth({ threads: 2 });
    around.publish({ users: { targets: both, health, ...more } });
    return around;
  };

  test('a target is out for every thread after so many bad ones, and back after so many good ones', async () => {
    const around = start();
    around.faults.set(a, 'it answered the check with 500');
    await around.clock.pass(15_000);
    expect(new Set(around.picks(4))).toEqual(new Set([a, b]));
    await around.clock.pass(10_000);
    for (const thread of [0, 1]) expect(around.picks(2, { thread })).toEqual([b, b]);
    expect(around.told).toEqual({ [a]: 'unhealthy', [b]: 'healthy' });
    expect(around.reports.at(-1)?.upstreams[0]?.targets[0]?.cause).toBe('it answered the check with 500');
    around.faults.clear();
    await around.clock.pass(10_000);
    expect(around.picks(2)).toEqual([b, b]);
    await around.clock.pass(12_000);
    expect(new Set(around.picks(4))).toEqual(new Set([a, b]));
    expect(around.told).toEqual({ [a]: 'healthy', [b]: 'healthy' });
  });

  test('one good check between bad ones keeps a target in', async () => {
    const around = start({ health: { ...health, healthyAfter: 5 } });
    for (let turn = 0; turn < 9; turn += 1) {
      if (turn % 3 === 2) around.faults.clear();
      else around.faults.set(a, 'no');
      await around.clock.pass(10_000);
      expect(new Set(around.picks(4))).toEqual(new Set([a, b]));
    }
  });

  test('are made once for the gateway, however many threads it has', async () => {
    const around = start();
    await around.clock.pass(100_000);
    expect(around.checked.filter((url) => url === a)).toHaveLength(10);
  });

  test('cost the gateway no more than a tenant’s share, however many targets it has checked how often', async () => {
    const around = new TryHealth();
    const often = {
      targets: Array.from({ length: 64 }, (_, n) => ({ url: `https://t${n}.test` })),
      health: { intervalMs: 1000, timeoutMs: 1000 },
    };
    around.publish({ one: often, two: often, three: often });
    await around.clock.pass(10_000);
    // 192 a second are asked for; saved up and of ten seconds, 2 s of CPU pay for 667 of 3 ms each.
    expect(around.checked.length).toBeLessThanOrEqual(668);
    expect(around.checked.length).toBeGreaterThan(600);
    expect(around.outcomes.filter((outcome) => outcome === 'good').length).toBe(around.checked.length);
    expect(around.outcomes.filter((outcome) => outcome === 'skipped').length).toBeGreaterThan(1000);
    expect(new Set(Object.values(around.told))).toEqual(new Set(['healthy']));
  });

  test('go on as they were through a revision that says the same, and end with what they belong to', async () => {
    const around = start();
    around.faults.set(a, 'no');
    await around.clock.pass(35_000);
    around.publish({ users: { targets: both, health, balance: 'least-request' }, other: { targets: [{ url: a }] } });
    expect(around.picks(4)).toEqual([b, b, b, b]);
    // Without checks nobody could say that it is well again.
    around.publish({ users: { targets: both } });
    expect(new Set(around.picks(4))).toEqual(new Set([a, b]));
    around.checked.length = 0;
    await around.clock.pass(100_000);
    expect([around.checked, around.clock.running]).toEqual([[], 0]);
  });

  test('an ejected target that is unhealthy too stays out until both are over', async () => {
    const around = start({ ejection: { consecutive5xx: 1, baseMs: 1000 } });
    around.faults.set(a, 'no');
    around.answers(a, 500, 1);
    await around.clock.pass(35_000);
    expect(around.told[a]).toBe('unhealthy');
    expect(around.picks(2)).toEqual([b, b]);
  });
});

describe('what is told of a target', () => {
  test('is nothing, until it has answered a request or a check well; and that, once', async () => {
    const around = new TryHealth({ threads: 2 });
    around.publish({ users: { targets: both } });
    await around.clock.pass(1000);
    expect(around.told).toEqual({ [a]: 'unknown', [b]: 'unknown' });
    around.answers(a, 500, 1);
    around.answers(b, 404, 1);
    await around.clock.pass(1000);
    expect(around.told).toEqual({ [a]: 'unknown', [b]: 'healthy' });
    const reports = around.reports.length;
    for (const thread of [0, 1]) around.answers(b, 200, 3, thread);
    await around.clock.pass(1000);
    expect(around.reports.length).toBe(reports);
    around.publish({ users: { targets: both, health } });
    await around.clock.pass(2000);
    expect(around.told).toEqual({ [a]: 'healthy', [b]: 'healthy' });
  });

  test('is its state of before when it comes back from an ejection', async () => {
    const around = new TryHealth();
    around.publish({ users: { targets: both, ejection: { consecutive5xx: 1, maxPercent: 100, baseMs: 1000 } } });
    around.answers(a, 200, 1);
    for (const url of [a, b]) around.answers(url, 500, 1);
    await around.clock.pass(600);
    expect(around.told).toEqual({ [a]: 'ejected', [b]: 'ejected' });
    await around.clock.pass(2000);
    expect(around.told).toEqual({ [a]: 'healthy', [b]: 'unknown' });
  });
});

describe('a name with several addresses', () => {
  const url = 'http://users.test:3000/v1';
  const start = async (addresses: readonly string[], more: object = {}): Promise<TryHealth> => {
    const around = new TryHealth({ threads: 2 });
    around.names.set('users.test', { addresses, ttlMs: 20_000 });
    around.publish({ users: { targets: [{ url, resolve: 'all' }], ...more } });
    await around.clock.pass(0);
    await new Promise<void>((resolve) => setImmediate(resolve));
    return around;
  };
  const addressesOf = (around: TryHealth, thread = 0): string[] =>
    [...new Set(around.picks(20, { thread }))].map((key) => key.slice(url.length + 1)).toSorted();

  test('is a target for each of them, on every thread, under its own name', async () => {
    const around = await start(['10.0.0.2', '10.0.0.1']);
    for (const thread of [0, 1]) expect(addressesOf(around, thread)).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(around.target(`${url} 10.0.0.1`)).toMatchObject({ origin: 'http://users.test:3000', basePath: '/v1' });
  });

  test('follows DNS by its TTL, and what stays keeps its state', async () => {
    const around = await start(['10.0.0.1', '10.0.0.2'], { ejection: { consecutive5xx: 1 } });
    around.answers(`${url} 10.0.0.1`, 500, 1);
    around.names.set('users.test', { addresses: ['10.0.0.1', '10.0.0.3'], ttlMs: 20_000 });
    await around.clock.pass(19_000);
    expect(addressesOf(around)).toEqual(['10.0.0.2']);
    await around.clock.pass(1000);
    expect(addressesOf(around)).toEqual(['10.0.0.3']);
    await around.clock.pass(30_000);
    expect(addressesOf(around)).toEqual(['10.0.0.1', '10.0.0.3']);
  });

  test.each([
    ['too short a TTL', 0, 1000],
    ['too long a TTL', 86_400_000, 300_000],
  ])('%s is bounded', async (_what, ttlMs, boundMs) => {
    const around = await start(['10.0.0.1']);
    around.names.set('users.test', { addresses: ['10.0.0.2'], ttlMs });
    await around.clock.pass(20_000);
    around.names.set('users.test', { addresses: ['10.0.0.3'], ttlMs });
    await around.clock.pass(boundMs - 1);
    expect(addressesOf(around)).toEqual(['10.0.0.2']);
    await around.clock.pass(1);
    expect(addressesOf(around)).toEqual(['10.0.0.3']);
  });

  test('keeps its addresses while DNS is away, and finds the new ones when it is back', async () => {
    const around = await start(['10.0.0.1']);
    around.names.delete('users.test');
    await around.clock.pass(100_000);
    expect(addressesOf(around)).toEqual(['10.0.0.1']);
    around.names.set('users.test', { addresses: ['10.0.0.2'], ttlMs: 20_000 });
    await around.clock.pass(5000);
    expect(addressesOf(around)).toEqual(['10.0.0.2']);
  });

  test('is asked for within its tenant’s share, however many there are and however short they last', async () => {
    const around = new TryHealth();
    const names = Array.from({ length: 640 }, (_, n) => `n${n}.test`);
    for (const name of names) around.names.set(name, { addresses: ['10.0.0.1'], ttlMs: 0 });
    const upstreams = Array.from({ length: 10 }, (_, n) => [
      `u${n}`,
      { targets: names.slice(64 * n, 64 * n + 64).map((name) => ({ url: `http://${name}`, resolve: 'all' })) },
    ]);
    around.publish(Object.fromEntries(upstreams));
    await around.clock.pass(5000);
    // Saved up and of five seconds, 750 ms pay for 1500.
    expect(around.asked).toBeLessThanOrEqual(1501);
    expect(around.asked).toBeGreaterThan(1400);
  });

  test('leads to no address that upstreams may not lead to', async () => {
    const around = await start(['10.0.0.1', '127.0.0.1', '169.254.169.254']);
    expect(addressesOf(around)).toEqual(['10.0.0.1']);
    around.names.set('users.test', { addresses: ['127.0.0.1'], ttlMs: 20_000 });
    await around.clock.pass(20_000);
    expect(addressesOf(around)).toEqual(['10.0.0.1']);
  });

  test('is one target, as its name says, until its addresses are known', async () => {
    const around = new TryHealth();
    around.publish({ users: { targets: [{ url, resolve: 'all' }] } });
    expect(around.picks(2)).toEqual([url, url]);
  });

  test('each address is checked by itself, and its name is no longer asked for when it goes', async () => {
    const around = await start(['10.0.0.1', '10.0.0.2'], { health });
    await around.clock.pass(11_000);
    expect(new Set(around.checked)).toEqual(new Set([`${url} 10.0.0.1`, `${url} 10.0.0.2`]));
    around.retire();
    await around.clock.pass(1000);
    expect(around.clock.running).toBe(0);
  });
});

describe('rows', () => {
  test('are given out once each, and again when they come back', () => {
    const supply = new RowSupply(HealthTable.create(48)).of('one');
    const places = [supply.take(), supply.take(), supply.take()];
    expect(places.map((place) => place?.row)).toEqual([1, 2, 3]);
    expect(supply.take()).toBeUndefined();
    const rows = new Set<number | undefined>();
    for (let turn = 0; turn < 3000; turn += 1) {
      supply.giveBack(places.shift());
      places.push(supply.take());
      rows.add(places.at(-1)?.row);
      expect(new Set(places.map((place) => place?.row)).size).toBe(3);
    }
    expect(rows.size).toBe(47);
  });

  test('go to one tenant up to its share, and are there for the others', () => {
    const supply = new RowSupply(HealthTable.create(160));
    const takenBy = (tenantId: string, count: number): number =>
      Array.from({ length: count }, () => supply.of(tenantId).take()).filter((place) => place !== undefined).length;
    expect([takenBy('large', 100), takenBy('small', 3)]).toEqual([10, 3]);
    for (let other = 0; other < 20; other += 1) takenBy(`other-${other}`, 10);
    expect(takenBy('late', 1)).toBe(0); // all of 159 are out
  });

  test('of which one was taken beyond the bound give it back', () => {
    const row = ownRow();
    expect([row.take(1, 2), row.take(1, 2), row.take(1, 2), row.read(1)]).toEqual([true, true, false, 2]);
  });
});
