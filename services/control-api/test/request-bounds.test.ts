// The bound of what one caller may ask, at the process as it runs: who is counted by what, and how it is told.
import type { Problem } from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Person, type Answer } from './support/person.js';

const reads = 150;
const changes = 40;
let plane: ControlPlane;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  const env = { API_READS_PER_MINUTE: String(reads), API_CHANGES_PER_MINUTE: String(changes) };
  plane = await startControlPlane({ env });
  ada = await new Person(plane, 'ada@bounds.test').signUp();
  bob = await new Person(plane, 'bob@bounds.test').signUp();
});
afterAll(async () => {
  await plane.stop();
});

/** One of a /64 that no other test asks from. */
const from = (network: number, host: number): Record<string, string> => ({
  'x-forwarded-for': `2001:db8:0:${network}::${host.toString(16)}`,
});

async function times(count: number, send: (index: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < count; index += 10)
    answers.push(...(await Promise.all(Array.from({ length: 10 }, async (_, one) => send(index + one)))));
  return answers;
}

function refusals(answers: readonly Answer[], code: string): Answer[] {
  return answers.filter(({ status, body }) => status === 429 && (body as Problem).code === code);
}

test('a caller who asks too much is told how long to wait, and others at the same address go on', async () => {
  const answers = await times(3 * reads, async () => ada.send('GET', '/v1/me'));
  expect(answers[0]).toMatchObject({ status: 200 });
  expect(answers[0]?.headers.get('ratelimit-policy')).toBe(`"reads";q=${reads};w=60`);
  const refused = refusals(answers, 'too_many_requests');
  expect(answers.filter(({ status }) => status === 200).length + refused.length).toBe(answers.length);
  expect(refused.length).toBeGreaterThan(0);
  for (const { headers } of refused) {
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('ratelimit')).toMatch(/^"reads";r=0;t=\d+$/);
  }
  expect((await bob.send('GET', '/v1/me')).status).toBe(200);
  expect((await new Person(plane, '').send('GET', '/v1/me')).status).toBe(401);
  expect((await ada.send('DELETE', '/v1/me/tokens/ptk_none')).status).toBe(404);
});

test('whom nobody knows is counted by address, and takes nothing from who is known there', async () => {
  const answers = await times(3 * reads, async (host) =>
    new Person(plane, '').send('GET', host % 2 === 0 ? '/v1/me' : '/v1/portal/nobody', undefined, from(1, host)),
  );
  expect(refusals(answers, 'too_many_requests').length).toBeGreaterThan(0);
  expect((await bob.send('GET', '/v1/me', undefined, from(1, 1))).status).toBe(200);
});

test('sign-in and its like are counted by address', async () => {
  const answers = await times(3 * changes, async (host) =>
    new Person(plane, '').send('POST', '/v1/auth/sign-out', {}, from(2, host)),
  );
  expect(answers[0]?.headers.get('ratelimit-policy')).toBe(`"changes";q=${changes};w=60`);
  expect(refusals(answers, 'too_many_requests').length).toBeGreaterThan(0);
});

test('wrong tokens from one network of 64 bits are counted together', async () => {
  const wrong = (host: number): Record<string, string> => ({ authorization: `Bearer slp_${host}`, ...from(3, host) });
  const answers = await times(110, async (host) => new Person(plane, '').send('GET', '/v1/me', undefined, wrong(host)));
  expect(refusals(answers, 'too_many_attempts')).toHaveLength(10);
});

test('what gateways ask is not counted', async () => {
  const answers = await times(2 * changes, async () => new Person(plane, '').send('POST', '/v1/fleet/heartbeats', {}));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  expect(answers[0]?.headers.has('ratelimit')).toBe(false);
});
