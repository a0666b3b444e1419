// What keys may do, and when they end: enforced in the gateway, with and without the control plane.
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack, withKey } from './stack.js';

let stack: Stack;
let url: string;

beforeEach(async () => {
  stack = await Stack.start();
  ({ url } = await stack.upstream((_req, res) => res.end('served')));
});
afterEach(async () => stack.stop());

const withScope = { policies: [{ 'api-key': {} }, { scopes: { all: ['orders:read'] } }] };
const publish = (): void => {
  stack.feed.publish(
    documentOf({ one: url }, [routeTo('one', '/keyed', withKey), routeTo('one', '/scoped', withScope)]),
  );
};
const outcome = async (gateway: GatewayProcess, key: string, path = '/keyed'): Promise<string> => {
  const { status, body } = await gateway.send(path, { headers: { 'x-api-key': key } });
  return status === 200 ? body : ((JSON.parse(body) as { code: string }).code ?? String(status));
};
const untilOutcome = async (gateway: GatewayProcess, key: string, wanted: string): Promise<void> => {
  await waitFor(async () => (await outcome(gateway, key)) === wanted, { what: `${key} answers ${wanted}` });
};

test('a key ends at its expiry in a gateway that is cut off, and in one that starts from its disk', async () => {
  publish();
  stack.feed.admit('lasting');
  stack.feed.setCredential('ending', 'active');
  const first = await stack.readyGateway();
  await untilOutcome(first, 'ending', 'served');
  stack.feed.setCredential('ending', 'active', 'sub_1', { expiresAt: Date.now() + 4000 });
  await stack.untilCaughtUp();
  await stack.feed.stop();
  await untilOutcome(first, 'ending', 'credential_expired');
  expect(await outcome(first, 'lasting')).toBe('served');
  await first.stop();
  const second = await stack.readyGateway();
  expect([await outcome(second, 'ending'), await outcome(second, 'lasting')]).toEqual(['credential_expired', 'served']);
});

test('an expiry that is set later, or taken away, is in force as soon as it is heard', async () => {
  publish();
  stack.feed.admit('good');
  const gateway = await stack.readyGateway();
  stack.feed.setCredential('good', 'active', 'sub_1', { expiresAt: Date.now() - 1 });
  await untilOutcome(gateway, 'good', 'credential_expired');
  stack.feed.setCredential('good', 'active');
  await untilOutcome(gateway, 'good', 'served');
  expect(await outcome(gateway, 'good')).toBe('served');
});

test('a key opens what its scopes open, and what they are changed to', async () => {
  publish();
  stack.feed.admit('good');
  stack.feed.setCredential('scoped', 'active', 'sub_1', { scopes: ['orders:read'] });
  const gateway = await stack.readyGateway();
  await untilOutcome(gateway, 'scoped', 'served');
  expect(await outcome(gateway, 'scoped', '/scoped')).toBe('served');
  expect(await outcome(gateway, 'good', '/scoped')).toBe('scope_missing');
  stack.feed.setCredential('scoped', 'active', 'sub_1', { scopes: ['orders:write'] });
  await waitFor(async () => (await outcome(gateway, 'scoped', '/scoped')) === 'scope_missing', {
    what: 'it has changed',
  });
});

test('a try credential works, ends by itself, and can be revoked before', async () => {
  publish();
  stack.feed.admit('good');
  const expiresAt = Date.now() + 600_000;
  stack.feed.setCredential('trying', 'active', 'sub_1', { expiresAt, isTry: true });
  stack.feed.setCredential('tried', 'active', 'sub_1', { expiresAt: Date.now() - 1, isTry: true });
  const gateway = await stack.readyGateway();
  await untilOutcome(gateway, 'trying', 'served');
  expect(await outcome(gateway, 'tried')).toBe('credential_expired');
  stack.feed.setCredential('trying', 'revoked', 'sub_1', { expiresAt, isTry: true });
  await untilOutcome(gateway, 'trying', 'credential_revoked');
});

test('of an environment that went and came back in one go the new keys open, and the old ones do not', async () => {
  publish();
  stack.feed.admit('old');
  const gateway = await stack.readyGateway();
  await untilOutcome(gateway, 'old', 'served');
  await stack.feed.stop();
  stack.feed.retire();
  publish();
  stack.feed.admit('new');
  await stack.feed.start();
  await untilOutcome(gateway, 'new', 'served');
  expect(await outcome(gateway, 'old')).toBe('credential_invalid');
});

test('thousands of keys that come later open, end and survive a start from the disk as the first ones do', async () => {
  publish();
  stack.feed.admit('first');
  const gateway = await stack.readyGateway();
  await untilOutcome(gateway, 'first', 'served');
  const keys = Array.from({ length: 3000 }, (_, index) => `later-${index}`);
  for (const key of keys) stack.feed.setCredential(key, 'active');
  await untilOutcome(gateway, 'later-2999', 'served');
  stack.feed.setCredential('later-1', 'revoked');
  stack.feed.setCredential('first', 'revoked');
  await untilOutcome(gateway, 'first', 'credential_revoked');
  const outcomes = async (one: GatewayProcess): Promise<string[]> =>
    Promise.all(['first', 'later-0', 'later-1', 'later-1500', 'nobodys'].map(async (key) => outcome(one, key)));
  const wanted = ['credential_revoked', 'served', 'credential_revoked', 'served', 'credential_invalid'];
  expect(await outcomes(gateway)).toEqual(wanted);
  await stack.untilCaughtUp();
  await gateway.stop();
  await stack.feed.stop();
  expect(await outcomes(await stack.readyGateway())).toEqual(wanted);
});
