import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, waitFor, type RunningRedis } from '@sluice/local-stack';
import { leaseArguments, leaseReplies, leaseScript, limitKey, type LeaseAsk, type LeaseReply } from './lease-script.js';

let redis: RunningRedis;
let client: Redis;
let lastKey = 0;

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

const windowMs = 40 * 86_400_000;

/** A limit of 100 units; `holder` is one gateway's way to talk about it, which keeps what it saw as the broker does. */
const limit = (units = 100): { key: string; holder: (name: string) => Holder } => {
  lastKey += 1;
  const key = `sub_${lastKey}/window`;
  return { key, holder: (name) => new Holder(name, { ...nothing, key, units }) };
};
const nothing = {
  windowMs,
  want: 0,
  need: 0,
  period: -1,
  returned: 0,
  charged: 0,
  seenEpoch: '',
  seenVersion: 0,
  seenUsed: 0,
  seenMine: 0,
};

class Holder {
  seq = 0;
  #seen: LeaseAsk;
  constructor(
    readonly name: string,
    seen: LeaseAsk,
  ) {
    this.#seen = seen;
  }
  async operate(changes: Partial<LeaseAsk>, seq = ++this.seq): Promise<LeaseReply> {
    const [reply] = leaseReplies(
      await client.call(
        'EVAL',
        leaseScript,
        1,
        limitKey(this.#seen.key),
        ...leaseArguments(this.name, seq, [{ ...this.#seen, ...changes }]),
      ),
      1,
    );
    const { period, epoch, version, used, mine } = reply!;
    this.#seen = { ...this.#seen, period, seenEpoch: epoch, seenVersion: version, seenUsed: used, seenMine: mine };
    return reply!;
  }
}

describe('the lease script', () => {
  test('the same grant twice is one grant, with the same answer', async () => {
    const a = limit().holder('a');
    const first = await a.operate({ need: 10, want: 10 }, 7);
    const again = await a.operate({ need: 10, want: 10 }, 7);
    expect([first.granted, again.granted, again.used, again.version]).toEqual([10, 10, 10, first.version]);
  });

  test('the same return twice is one return', async () => {
    const a = limit().holder('a');
    await a.operate({ need: 10 });
    await a.operate({ returned: 4 }, 8);
    expect((await a.operate({ returned: 4 }, 8)).used).toBe(6);
  });

  test('an operation that comes after its successor changes nothing', async () => {
    const a = limit().holder('a');
    await a.operate({ need: 10 }, 2);
    const late = await a.operate({ need: 10, returned: 5 }, 1);
    expect([late.granted, late.used]).toEqual([-1, 10]);
  });

  test('nobody gives back more than it was granted', async () => {
    const { holder } = limit();
    const [a, b] = [holder('a'), holder('b')];
    await a.operate({ need: 10 });
    await b.operate({ need: 3 });
    expect((await b.operate({ returned: 9 })).used).toBe(10);
  });

  test('a return goes into its own period only', async () => {
    const { key } = limit();
    const a = new Holder('a', { ...nothing, key, units: 100, windowMs: 300 });
    const first = await a.operate({ need: 10 });
    const later = await waitFor(
      async () => {
        const reply = await a.operate({ need: 1, period: first.period, returned: 10 });
        return reply.period > first.period && reply;
      },
      { what: 'the period ends', intervalMs: 320 },
    );
    expect(later.used).toBe(1);
  });

  test('those who wait get what is left, and a lease never more than its share of it', async () => {
    const { holder } = limit(1000);
    const [a, b] = [holder('a'), holder('b')];
    expect((await a.operate({ want: 900 })).granted).toBe(6);
    expect((await b.operate({ want: 900 })).granted).toBe(3);
    expect((await b.operate({ need: 980 })).granted).toBe(980);
    // 11 are left for two holders: a lease is two units, whoever waits gets the rest.
    expect((await a.operate({ want: 900 })).granted).toBe(2);
    expect((await a.operate({ need: 900 })).granted).toBe(9);
    expect((await a.operate({ need: 1 })).granted).toBe(0);
  });

  test('fewer units than are used grant nothing, more grant the difference', async () => {
    const a = limit().holder('a');
    await a.operate({ need: 60 });
    expect((await a.operate({ need: 1, units: 50 })).granted).toBe(0);
    expect((await a.operate({ need: 100, units: 70 })).granted).toBe(10);
  });

  test('after Redis was emptied, a holder that saw the period brings its use back', async () => {
    const { holder, key } = limit();
    const [a, b] = [holder('a'), holder('b')];
    await a.operate({ need: 30 });
    await b.operate({ need: 50 });
    await client.del(limitKey(key));
    expect((await a.operate({ need: 10 })).used).toBe(40);
    // b saw more than a did when it last looked, and a has been granted more since: 40 and 50 are used.
    const reply = await b.operate({ need: 30 });
    expect([reply.granted, reply.used]).toEqual([10, 100]);
  });

  test('after a failover to a replica that lagged, what was seen counts, not what the replica has', async () => {
    const { holder, key } = limit();
    const a = holder('a');
    await a.operate({ need: 10 });
    const lagging = await client.dumpBuffer(limitKey(key));
    await a.operate({ need: 60 });
    await client.restore(limitKey(key), 0, lagging, 'REPLACE');
    expect((await a.operate({ need: 100 })).used).toBe(100);
    expect((await a.operate({ need: 1 })).granted).toBe(0);
  });

  test('units admitted without Redis are charged when it is back', async () => {
    const a = limit().holder('a');
    await a.operate({ need: 10 });
    expect((await a.operate({ charged: 25, need: 100 })).granted).toBe(65);
  });
});
