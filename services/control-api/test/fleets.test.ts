// The operator runs a fleet of real gateways: lets them in by a token, drains, revokes and forgets them.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AuditEntry,
  CredentialWithKey,
  FleetGateway,
  FleetGateways,
  Page,
  RegistrationTokenWithSecret,
} from '@sluice/contracts';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Fleet } from './support/fleet.js';
import { Person } from './support/person.js';

const base = '/v1/tenants/acme/environments/production';
const fleetPath = '/v1/operator/fleets/default';

let plane: ControlPlane;
let folder: TemporaryFolder;
let fleet: Fleet;
let owner: Person;
let operator: Person;
let keys: string;
let key: string;

beforeAll(async () => {
  [plane, folder] = await Promise.all([
    startControlPlane({ env: { OPERATORS: 'operator@platform.test' } }),
    temporaryFolder('sluice-fleets-'),
  ]);
  fleet = await Fleet.start(plane, folder.path);
  owner = await new Person(plane, 'owner@acme.test').signUp();
  operator = await new Person(plane, 'operator@platform.test').signUp();
  await owner.ask('POST', '/v1/tenants', { slug: 'acme', title: 'Acme' });
  await owner.ask('POST', `${base}/first-run`, { name: 'orders', title: 'Orders', upstreamUrl: fleet.upstreamUrl });
  await owner.ask('PUT', `${base}/plans/free`, { title: 'Free', apis: ['orders'], limits: [] });
  await owner.ask('POST', `${base}/publish`, {});
  const { id } = await owner.ask<{ id: string }>('POST', `${base}/applications`, { title: 'Application' });
  const subscription = await owner.ask<{ id: string }>('POST', `${base}/applications/${id}/subscriptions`, {
    plan: 'free',
  });
  keys = `${base}/subscriptions/${subscription.id}/credentials`;
  ({ key } = await owner.ask<CredentialWithKey>('POST', keys, { name: 'Key' }));
});
afterAll(async () => {
  await fleet.stop();
  await plane.stop();
  await folder.remove();
});

async function gatewayOf(id: string): Promise<FleetGateway | undefined> {
  const { items } = await operator.ask<FleetGateways>('GET', `${fleetPath}/gateways`);
  return items.find((gateway) => gateway.id === id);
}
const untilState = async (id: string, state: FleetGateway['state']): Promise<void> => {
  await waitFor(async () => (await gatewayOf(id))?.state === state, { what: `${id} is ${state}`, timeoutMs: 30_000 });
};

test('a gateway that a registration token has let in starts again when the token lets in nobody any more', async () => {
  const body = { title: 'For one', mostUses: 1 };
  const { id, token } = await operator.ask<RegistrationTokenWithSecret>(
    'POST',
    `${fleetPath}/registration-tokens`,
    body,
  );
  const first = await fleet.add('gw-one', { FLEET_TOKEN: token });
  expect((await gatewayOf('gw-one'))?.registrationTokenId).toBe(id);
  expect(statSync(join(folder.path, 'gw-one', 'identity', 'gateway.key')).mode & 0o777).toBe(0o600);
  await operator.ask('DELETE', `${fleetPath}/registration-tokens/${id}`);
  await first.stop();
  const second = await fleet.add('gw-one', { FLEET_TOKEN: token });
  await fleet.untilAll('acme', key, 200, '/orders');
  await second.stop();
});

test('a gateway that the operator drains is not ready, says so when it has finished, and comes back', async () => {
  const gateway = await fleet.add('gw-drained');
  const ready = async (): Promise<number> => (await fetch(`${gateway.opsUrl}/readyz`)).status;
  await untilState('gw-drained', 'live');
  await operator.ask('PATCH', `${fleetPath}/gateways/gw-drained`, { isDrainAsked: true });
  await untilState('gw-drained', 'drained');
  expect(await ready()).toBe(503);
  expect(await fleet.ask(gateway.port, { slug: 'acme', key, path: '/orders' })).toBe(200);
  await operator.ask('PATCH', `${fleetPath}/gateways/gw-drained`, { isDrainAsked: false });
  await untilState('gw-drained', 'live');
  expect(await ready()).toBe(200);
  await gateway.stop();
});

test('a revoked gateway serves what it had and hears nothing more, and catches up when it is let in again', async () => {
  const gateway = await fleet.add('gw-revoked');
  const ask = async (by: string): Promise<number> =>
    fleet.ask(gateway.port, { slug: 'acme', key: by, path: '/orders' });
  await operator.ask('PATCH', `${fleetPath}/gateways/gw-revoked`, { isRevoked: true });
  await waitFor(() => gateway.lines.some((line) => line.includes('The operator has revoked this gateway')), {
    what: 'the gateway says what has happened to it',
    timeoutMs: 30_000,
  });
  const { key: unheard } = await owner.ask<CredentialWithKey>('POST', keys, { name: 'Unheard of' });
  expect([await ask(key), await ask(unheard)]).toEqual([200, 401]);
  expect((await gatewayOf('gw-revoked'))?.state).toBe('revoked');
  await operator.ask('DELETE', `${fleetPath}/gateways/gw-revoked`);
  await fleet.untilAll('acme', unheard, 200, '/orders');
  await gateway.stop();
});

test("what the operator did to the fleet stands in the platform's log, without the token", async () => {
  const { items } = await operator.ask<Page<AuditEntry>>('GET', '/v1/operator/audit-log?limit=100');
  const actions = items.map(({ action }) => action);
  for (const action of ['createToken', 'revokeToken', 'change', 'forget'])
    expect(actions).toContain(`operatedFleets_${action}`);
  expect(JSON.stringify(items)).not.toContain('slf_');
});

test('whoever is no operator finds no fleet', async () => {
  for (const path of ['', '/default/gateways', '/default/registration-tokens'])
    expect((await owner.send('GET', `/v1/operator/fleets${path}`)).status).toBe(404);
});
