// Moments that chance hardly ever meets, so that the simulation seldom does: somebody's grants are known to nobody else
// when Redis is emptied, which is also tried with scripts that lack what guards it; a join that was not heard.
import { describe, expect, test } from 'vitest';
import { waitFor } from '@sluice/local-stack';
import { leaseScript } from './lease-script.js';
import type { Former } from './membership.js';
import { mutated } from './simulation/mutations.js';
import { TriedMember } from './try-members.js';
import { redisForTests } from './try-redis.js';

const redis = redisForTests();
let partition = 0;

const memberOf = (script: string, name: string, former?: Former): TriedMember =>
  new TriedMember(name, partition, (keys, args) => redis.client.eval(script, keys.length, ...keys, ...args), former);

/** It joins, again if need be, until it may be granted something. */
const admitted = (member: TriedMember): Promise<unknown> =>
  waitFor(
    async () => {
      if (!member.membership.isIn) await member.join();
      await member.heartbeat();
      return member.isAdmitted;
    },
    { what: 'it is admitted', intervalMs: 20 },
  );

const granted = async (member: TriedMember, need: number): Promise<number> => (await member.ask({ need })).granted;

/** Units granted of 100 when one member had its part and left, and the other one never looked. */
const afterLeaving = async (script: string): Promise<number> => {
  partition += 1;
  const [a, b] = [memberOf(script, 'a.1'), memberOf(script, 'b.1')];
  await admitted(a);
  await b.join();
  await a.heartbeat();
  await a.heartbeat();
  await admitted(b);
  const first = await granted(a, 60);
  await a.leave();
  await b.heartbeat();
  await b.heartbeat();
  await redis.client.flushall();
  await b.heartbeat();
  await admitted(b);
  return first + (await granted(b, 100));
};

/** Units granted of 100 when one member joined, was heard of by nobody, and died. */
const afterJoining = async (script: string): Promise<number> => {
  partition += 1;
  const [a, b] = [memberOf(script, 'a.1'), memberOf(script, 'b.1')];
  await admitted(a);
  await b.join();
  const first = await granted(b, 60);
  await redis.client.flushall();
  await a.heartbeat();
  await admitted(a);
  return first + (await granted(a, 100));
};

describe('when Redis is emptied', () => {
  test('what only a member that has left knew is granted to nobody', async () => {
    expect(await afterLeaving(leaseScript)).toBe(60);
    expect(await afterLeaving(mutated(leaseScript, 'forget-departures'))).toBe(160);
  });

  test('a member that nobody had heard of had been granted nothing', async () => {
    expect(await afterJoining(leaseScript)).toBe(100);
    expect(await afterJoining(mutated(leaseScript, 'grant-before-known'))).toBe(160);
  });

  test('twice, the successor of a killed process still says that something is missing', async () => {
    partition += 1;
    const successor = memberOf(leaseScript, 'b.1', { state: 'lost', bootId: 'a' });
    await successor.join();
    await redis.client.flushall();
    await successor.heartbeat();
    await admitted(successor);
    expect(await successor.ask({ need: 1 })).toMatchObject({ state: 'unknown', granted: 0 });
  });
});

test('a partition opens although an epoch began after a join whose answer was lost', async () => {
  partition += 1;
  const member = memberOf(leaseScript, 'a.1');
  await member.join();
  await redis.client.hset(`sluice:limits:{l${partition}}`, 'run', 'another');
  const unheard = memberOf(leaseScript, 'a.1');
  await admitted(unheard);
  expect(await granted(unheard, 1)).toBe(1);
});
