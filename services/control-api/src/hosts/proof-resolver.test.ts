// The resolver of production, at a real DNS server.
import { DnsServer } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { lookAt, newChallenge } from './challenge.js';
import { dnsResolver, type ProofResolver } from './proof-resolver.js';

let dns: DnsServer;
let resolver: ProofResolver;
const name = '_sluice-challenge.api.acme.test';

beforeAll(async () => {
  dns = await DnsServer.start();
  resolver = dnsResolver([dns.address]);
});
afterAll(() => dns.stop());

it('reads all records of a name, those of several strings as one', async () => {
  dns.texts.set(name, ['v=spf1 -all', ['sluice-', 'challenge=', 'aa'], 'x'.repeat(255)]);
  const answer = await resolver.txt(name);
  expect(answer.isAnswered && [...answer.values].toSorted()).toEqual([
    'sluice-challenge=aa',
    'v=spf1 -all',
    'x'.repeat(255),
  ]);
});

it('takes a name that does not exist, and one without TXT records, for an answer: there is none', async () => {
  dns.texts.set('_sluice-challenge.empty.test', []);
  for (const absent of ['_sluice-challenge.absent.test', '_sluice-challenge.empty.test'])
    expect(await resolver.txt(absent)).toEqual({ isAnswered: true, values: [] });
});

it('takes a server that fails, refuses or cannot be reached for no answer', async () => {
  dns.failing.add('_sluice-challenge.failing.test');
  dns.refusing.add('_sluice-challenge.refusing.test');
  expect(await resolver.txt('_sluice-challenge.failing.test')).toEqual({ isAnswered: false, reason: 'ESERVFAIL' });
  expect(await resolver.txt('_sluice-challenge.refusing.test')).toEqual({ isAnswered: false, reason: 'EREFUSED' });
  const unreachable = await dnsResolver(['127.0.0.1:9']).txt(name);
  expect(unreachable.isAnswered).toBe(false);
});

it('gives a silent server up, and says that it did not answer', async () => {
  dns.silentAbout.add('_sluice-challenge.silent.test');
  const answer = await resolver.txt('_sluice-challenge.silent.test');
  expect(answer.isAnswered).toBe(false);
  expect(dns.asked('TXT', '_sluice-challenge.silent.test')).toBeGreaterThan(1);
});

it('asks on behalf of nobody in the way of another: a look that is given up ends no other', async () => {
  const silent = resolver.txt('_sluice-challenge.silent.test');
  dns.texts.set('_sluice-challenge.quick.test', ['sluice-challenge=bb']);
  expect(await resolver.txt('_sluice-challenge.quick.test')).toEqual({
    isAnswered: true,
    values: ['sluice-challenge=bb'],
  });
  expect((await silent).isAnswered).toBe(false);
});

test('a claim is proven by its own value alone, however it was pasted', () => {
  const challenge = newChallenge();
  const look = (...values: string[]): unknown => lookAt({ isAnswered: true, values }, challenge);
  for (const value of [challenge, `"${challenge}"`, ` ${challenge} `, `'${challenge.toUpperCase()}'`])
    expect(look('v=spf1 -all', newChallenge(), value)).toEqual({ found: true, isHeld: false });
  expect(look(newChallenge())).toEqual({ found: false, problem: 'different' });
  expect(look(challenge.slice(0, -1))).toEqual({ found: false, problem: 'different' });
  expect(look(`${challenge}0`)).toEqual({ found: false, problem: 'different' });
  expect(look(`x${challenge}`, 'v=spf1 -all')).toEqual({ found: false, problem: 'missing' });
  expect(look()).toEqual({ found: false, problem: 'missing' });
  expect(lookAt({ isAnswered: false, reason: 'ESERVFAIL' }, challenge)).toEqual({
    found: false,
    problem: 'unanswered',
  });
});
