import type { Policy } from '@sluice/contracts';
import { expect, test } from 'vitest';
import type { Facts } from '../../decision.js';
import { ask, compiledOf, documentWith, faultsOf, outcomeOf } from '../../testing/try-route.js';

const failures: Policy = { 'failed-authentication': { limits: [{ window: '3/minute' }] } };
const key: Policy = { 'api-key': {} };
const facts: Partial<Facts> = {
  credential: (text) => (text === 'good' ? { id: 'key_1', subscriptionId: '', isRevoked: false } : undefined),
};
const compiled = compiledOf(documentWith([key, failures]));
const send = (text: string | undefined, more: Partial<Facts> = {}) =>
  ask(compiled, {
    request: { headers: text === undefined ? {} : { 'x-api-key': text } },
    facts: { ...facts, ...more },
  });
const spent = (decision: ReturnType<typeof send>): readonly string[] =>
  decision.kind === 'need' ? ['need'] : decision.spend.map(({ limit, cost }) => `${limit.key} ${cost}`);
const one = 'env_1/orders/orders/failed:ip:192.0.2.1/window-60000 1';

test('a wrong credential counts; none, and a right one, do not', () => {
  expect([outcomeOf(send('wrong')), spent(send('wrong'))]).toEqual(['credential_invalid', [one]]);
  expect([outcomeOf(send(undefined)), spent(send(undefined))]).toEqual(['credential_missing', []]);
  expect([outcomeOf(send('good')), spent(send('good'))]).toEqual(['forward', []]);
});

test('it costs one, whatever the route costs', () => {
  const document = documentWith([key, failures]);
  const [route] = document.apis['orders']?.routes ?? [];
  if (route !== undefined) route.cost = 0;
  expect(spent(ask(compiledOf(document), { request: { headers: { 'x-api-key': 'wrong' } } }))).toEqual([one]);
});

test('an address that used up its failures is refused before any credential is looked at, a right one too', () => {
  const credential = (): never => {
    throw new Error('looked at');
  };
  const used = send('good', { credential, refusal: () => ({ state: 'exhausted', resetMs: 1 }) });
  expect([outcomeOf(used), spent(used)]).toEqual(['limit_exceeded', []]);
});

test('whether there is room is known before a credential is looked at, so that guesses beside each other do not pass', () => {
  expect(send('good', { budget: () => undefined })).toMatchObject({ kind: 'need', need: 'lease' });
});

test('what cannot be checked now does not count', () => {
  const busy = compiledOf(documentWith([{ 'forward-auth': { address: 'http://auth.test' } }, failures]));
  const unavailable = ask(busy, { facts: { forwardAuth: () => ({ state: 'unavailable', fault: 'timeout' }) } });
  expect([outcomeOf(unavailable), spent(unavailable)]).toEqual(['forward_auth_unavailable', []]);
});

test('what a service refuses counts where a credential was shown', () => {
  const asked = compiledOf(documentWith([{ 'forward-auth': { address: 'http://auth.test' } }, failures]));
  const answered: Partial<Facts> = { forwardAuth: () => ({ state: 'answered', status: 401, headers: [], body: '' }) };
  const headers = { authorization: 'Bearer wrong' };
  expect(spent(ask(asked, { request: { headers }, facts: answered }))).toEqual([one]);
  expect(spent(ask(asked, { facts: answered }))).toEqual([]);
});

test('requests at the same time are no failures', () => {
  expect(faultsOf([key, { 'failed-authentication': { limits: [{ concurrency: 1 }] } }])).toMatchObject([
    { at: '/1/failed-authentication/limits/0' },
  ]);
});
