import { describe, expect, test } from 'vitest';
import { waitFor } from '@sluice/local-stack';
import { leaseScript } from './lease-script.js';
import { bucketOf } from './lease-wire.js';
import { TriedMember } from './try-members.js';
import { redisForTests } from './try-redis.js';

const redis = redisForTests();
let lastPartition = 0;

/** Members of a partition of their own, admitted. */
const members = async (...names: string[]): Promise<TriedMember[]> => {
  lastPartition += 1;
  const call = (keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> =>
    redis.client.eval(leaseScript, keys.length, ...keys, ...args);
  const joined = names.map((name) => new TriedMember(name, lastPartition, call));
  for (const member of joined) await member.join();
  await waitFor(
    async () => {
      for (const member of joined) await member.heartbeat();
      return joined.every(({ isAdmitted }) => isAdmitted);
    },
    { what: 'all are admitted', intervalMs: 20 },
  );
  return joined;
};

const member = async (): Promise<TriedMember> => (await members('a.1'))[0]!;

// Each test has a partition of its own, and most of its time Redis's clock is waited for.
describe.concurrent('an operation of the lease script', () => {
  test('done twice is one grant, with the same answer', async () => {
    const a = await member();
    const operation = a.operation({ need: 10, want: 10 });
    const [first, again] = [await a.send(operation), await a.send(operation)];
    expect(again).toEqual(first);
    expect(first.granted).toBe(10);
    expect((await a.ask({})).left).toBe(90);
  });

  test('done twice is one return', async () => {
    const a = await member();
    await a.ask({ need: 10 });
    const operation = a.operation({ returned: 4 });
    await a.send(operation);
    await a.send(operation);
    expect((await a.ask({})).left).toBe(94);
  });

  test('that comes after its successor changes nothing', async () => {
    const a = await member();
    const late = a.operation({ need: 10 });
    await a.ask({ need: 3 });
    await a.sendRaw(late);
    expect((await a.ask({})).left).toBe(97);
  });

  test('of a member that was fenced, has left, or joined under another name changes nothing', async () => {
    const [a, b] = await members('a.1', 'b.1');
    const late = a!.operation({ need: 10 });
    await a!.leave();
    expect((await a!.sendRaw(late)).state).toBe('rejoin');
    await a!.join();
    expect((await a!.sendRaw(late)).state).toBe('rejoin');
    expect((await b!.ask({})).left).toBe(100);
  });

  test('that was done before its member was fenced or left is answered as it was then', async () => {
    const [a, b] = await members('a.1', 'b.1');
    const [done, late] = [a!.operation({ need: 10 }), a!.operation({ need: 7 })];
    const answer = await a!.sendRaw(done);
    await a!.leave();
    expect(await a!.sendRaw(done)).toMatchObject({ state: 'rejoin', redisMs: answer.redisMs, results: answer.results });
    expect(await a!.sendRaw(late)).toMatchObject({ state: 'rejoin', results: [] });
    expect((await b!.ask({})).left).toBe(90);
  });

  test('gives those who wait what is left, and a lease never more than its share of it', async () => {
    const [a, b] = await members('a.1', 'b.1');
    expect((await a!.ask({ want: 900, units: 1000 })).granted).toBe(6);
    expect((await b!.ask({ want: 900, units: 1000 })).granted).toBe(3);
    expect((await b!.ask({ need: 980, units: 1000 })).granted).toBe(980);
    // 11 are left for two holders: a lease is two units, whoever waits gets the rest.
    expect((await a!.ask({ want: 900, units: 1000 })).granted).toBe(2);
    expect((await a!.ask({ need: 900, units: 1000 })).granted).toBe(9);
    expect((await a!.ask({ need: 1, units: 1000 })).granted).toBe(0);
  });

  test('goes by the newest revision of the limit, whoever asks', async () => {
    const [a, b] = await members('a.1', 'b.1');
    await a!.ask({ need: 60 });
    expect((await a!.ask({ need: 1, units: 50, version: 2 })).granted).toBe(0);
    expect(await b!.ask({ need: 1, units: 100, version: 1 })).toMatchObject({ granted: 0, units: 50 });
    expect((await b!.ask({ need: 100, units: 70, version: 3 })).granted).toBe(10);
  });

  test('tells who took a limit for used up that units came back, whatever answer was lost meanwhile', async () => {
    const [a, b] = await members('a.1', 'b.1');
    await a!.ask({ need: 60 });
    expect((await b!.ask({ need: 40 })).left).toBe(0);
    const nothing = await b!.heartbeat();
    expect(nothing.freed).toEqual([]);
    await a!.ask({ returned: 5 });
    const lost = b!.operation({});
    await b!.sendRaw(lost);
    expect((await b!.sendRaw(lost)).freed).toEqual([bucketOf('sub_1/window:window')]);
    expect((await b!.heartbeat()).freed).toEqual([bucketOf('sub_1/window:window')]);
    // Once it was heard, no more; and units that come to others that are left are no news.
    expect((await b!.heartbeat()).freed).toEqual([]);
    await a!.ask({ returned: 5 });
    expect((await b!.heartbeat()).freed).toEqual([]);
  });

  test('that names other periods than that of its clock is told so, and changes nothing', async () => {
    const a = await member();
    expect(await a.ask({ need: 1, terms: [0, 1000, 1000, 2000] })).toMatchObject({ state: 'elsewhen', granted: 0 });
  });

  test('charges into the period that it names, and its overshoot is judged there, once', async () => {
    const a = await member();
    const { stamp } = await a.ask({ kind: 'local', need: 40 });
    const before = stamp - 1000;
    // Nobody told Redis of 130 units of the period before, of which it allows 100.
    expect(await a.ask({ kind: 'local', charged: 130, stamp: before })).toMatchObject({
      left: 60,
      overshoot: 0,
      isSettling: true,
    });
    const judged = await waitFor(
      async () => {
        const result = await a.ask({ kind: 'local' });
        return result.overshoot > 0 && result;
      },
      { what: 'it is judged', intervalMs: 100 },
    );
    expect(judged).toMatchObject({ overshoot: 30, isSettling: false, left: 60 });
    expect((await a.ask({ kind: 'local' })).overshoot).toBe(0);
  });

  /** Overshoot of all that was charged so far, when it has been judged. */
  const overshootOf = async (a: TriedMember): Promise<number> => {
    let overshoot = 0;
    await waitFor(
      async () => {
        const result = await a.ask({ kind: 'local' });
        overshoot += result.overshoot;
        return !result.isSettling;
      },
      { what: 'all is judged', intervalMs: 100 },
    );
    return overshoot;
  };

  test('charges into any number of periods that are over, and each of them is judged', async () => {
    const a = await member();
    for (let start = 1000; start <= 40_000; start += 1000) await a.ask({ kind: 'local', charged: 130, stamp: start });
    expect(await overshootOf(a)).toBe(40 * 30);
  });

  test('that charges to a period whose use is not kept any more counts all of it as overshoot', async () => {
    const a = await member();
    for (let start = 1000; start <= 40_000; start += 1000) await a.ask({ kind: 'local', charged: 60, stamp: start });
    // Together with the 60 that are known, 20 too many; what else was used of the first is not known.
    await a.ask({ kind: 'local', charged: 60, stamp: 40_000 });
    await a.ask({ kind: 'local', charged: 60, stamp: 1000 });
    expect(await overshootOf(a)).toBe(20 + 60);
    // Before all periods: so a gateway tells what it has charged in more of them than it keeps apart.
    await a.ask({ kind: 'local', charged: 70, stamp: 0 });
    expect(await overshootOf(a)).toBe(70);
  });

  test('that gives units back before it is judged takes them off the overshoot', async () => {
    const [a, b] = await members('a.1', 'b.1');
    await a!.ask({ kind: 'local', need: 95 });
    await b!.ask({ kind: 'local', need: 5 });
    await a!.ask({ kind: 'local', charged: 20 });
    await b!.ask({ kind: 'local', returned: 5 });
    const overshoot = await waitFor(
      async () => {
        await b!.heartbeat();
        return (await a!.ask({ kind: 'local' })).overshoot || false;
      },
      { what: 'it is judged', intervalMs: 100 },
    );
    expect(overshoot).toBe(15);
  });
});

describe.concurrent('a member of a partition', () => {
  test('that has gone has no part of a limit any more, and leaves nothing behind', async () => {
    const [a] = await members('a.1');
    expect((await a!.ask({ need: 1 })).holders).toBe(1);
    const comer = new TriedMember('d.1', a!.partition, a!.call);
    for (let times = 0; times < 5; times += 1) {
      await comer.join();
      await waitFor(
        async () => {
          await a!.heartbeat();
          await comer.heartbeat();
          return comer.isAdmitted;
        },
        { what: 'it is admitted', intervalMs: 20 },
      );
      expect((await comer.ask({ need: 1 })).holders).toBe(2);
      await comer.leave();
    }
    expect((await a!.ask({ need: 1 })).holders).toBe(1);
    const names = await redis.client.hkeys(`sluice:limits:{l${a!.partition}}`);
    expect(names.filter((name) => name.startsWith('g:') || name.startsWith('m:d'))).toEqual([]);
  });

  test('is granted nothing before every other one knows of it', async () => {
    const [a] = await members('a.1');
    const b = new TriedMember('b.1', a!.partition, a!.call);
    await b.join();
    expect((await b.ask({ need: 1 })).state).toBe('waiting');
    await a!.heartbeat();
    expect((await b.ask({ need: 1 })).state).toBe('waiting');
    // The second one says that it has read the answer to the first.
    await a!.heartbeat();
    expect(await b.ask({ need: 1 })).toMatchObject({ state: 'done', granted: 1 });
  });

  test('that is silent for three seconds is fenced: its units stay debited, and its place is not waited for', async () => {
    const [a] = await members('a.1');
    await a!.ask({ need: 7 });
    const b = new TriedMember('b.1', a!.partition, a!.call);
    await b.join();
    const result = await waitFor(
      async () => {
        const one = await b.ask({ need: 1 });
        return one.state === 'done' && one;
      },
      { what: 'the other is fenced', intervalMs: 100 },
    );
    expect(result.left).toBe(92);
    expect((await a!.sendRaw(a!.operation({ need: 1 }))).state).toBe('rejoin');
  });
});
