// Two processes of the control plane on one database: a load balancer sends people to one and gateways to the other. What is
// changed at one reaches the other's gateways, with Postgres's notifications and without them.
import type { CredentialWithKey, Revision } from '@sluice/contracts';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@sluice/local-stack';
import { listen } from '@sluice/prisma';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAnother, type AnotherProcess } from './support/another-process.js';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Fleet, type Gateway } from './support/fleet.js';
import { Person } from './support/person.js';
import { connectSuperuser } from './support/superuser.js';

const base = '/v1/tenants/acme/environments/production';

let folder: TemporaryFolder;
let plane: ControlPlane;
let other: AnotherProcess;
let fleet: Fleet;
let gateway: Gateway;
let owner: Person;
let subscription: string;

beforeAll(async () => {
  [plane, folder] = await Promise.all([startControlPlane(), temporaryFolder('sluice-two-processes-')]);
  other = await startAnother(plane);
  fleet = await Fleet.start({ ...plane, url: other.url }, folder.path);
  owner = await new Person(plane, 'owner@acme.test').signUp();
  await owner.ask('POST', '/v1/tenants', { slug: 'acme', title: 'Acme' });
  await owner.ask('POST', `${base}/upstreams`, { name: 'shop', targets: [{ url: fleet.upstreamUrl }] });
  await owner.ask('POST', `${base}/apis`, { name: 'shop', title: 'Shop' });
  await addRoute('route-0');
  await owner.ask('POST', `${base}/plans`, { name: 'free', title: 'Free', apis: ['shop'], limits: [] });
  await owner.ask('POST', `${base}/publish`, {});
  const { id } = await owner.ask<{ id: string }>('POST', `${base}/applications`, { title: 'Application' });
  const path = `${base}/applications/${id}/subscriptions`;
  ({ id: subscription } = await owner.ask<{ id: string }>('POST', path, { plan: 'free' }));
  gateway = await fleet.add('one');
});
afterAll(async () => {
  await fleet.stop();
  await other.process.stop();
  await plane.stop();
  await folder.remove();
});

async function addRoute(name: string): Promise<void> {
  await owner.ask('POST', `${base}/apis/shop/routes`, {
    name,
    match: { path: { prefix: `/${name}` } },
    policies: [{ 'api-key': {} }],
    split: { arms: [{ name: 'stable', upstream: 'shop', weight: 10_000 }] },
  });
}

/** Of a key that works from now on and is taken back, and of a new route: all asked of the one process, seen at a gateway of the other. */
async function changesArrive(route: string): Promise<Revision> {
  const { id, key } = await owner.ask<CredentialWithKey>('POST', `${base}/subscriptions/${subscription}/credentials`, {
    name: 'Key',
  });
  const isAnswered = async (status: number, path: string): Promise<void> => {
    await waitFor(async () => (await fleet.ask(gateway.port, { slug: 'acme', key, path })) === status, {
      what: `the gateway of the other process answers ${path} with ${status}`,
    });
  };
  await isAnswered(200, '/route-0');
  await isAnswered(404, `/${route}`);
  await addRoute(route);
  const published = await owner.ask<Revision>('POST', `${base}/publish?wait=applied`, {});
  expect(await fleet.ask(gateway.port, { slug: 'acme', key, path: `/${route}` })).toBe(200);
  await owner.ask('DELETE', `${base}/credentials/${id}`);
  await isAnswered(401, '/route-0');
  return published;
}

const received = { liveGateways: 1, receipts: [{ gatewayId: 'one', state: 'applied' }] };

test('what is changed at one process, a gateway of the other applies, and its receipt ends the wait at the first', async () => {
  expect(await changesArrive('route-1')).toMatchObject(received);
});

test('the same without a single notification: the tables are the truth, and are asked', async () => {
  const superuser = await connectSuperuser(plane.postgresUrl);
  // Found before Postgres's own by connections that are made from now on.
  await superuser.query(`
    CREATE SCHEMA mute;
    CREATE FUNCTION mute.pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT';
    GRANT USAGE ON SCHEMA mute TO sluice_app;
    ALTER ROLE sluice_app SET search_path = mute, pg_catalog`);
  const heard: string[] = [];
  const isListening = Promise.withResolvers<undefined>();
  const listening = listen({
    url: plane.postgresUrl,
    channels: ['sluice_feed', 'sluice_receipts'],
    onNotify: (channel) => heard.push(channel),
    onConnect: () => isListening.resolve(undefined),
    onError: isListening.reject,
  });
  await isListening.promise;
  const [{ now } = { now: '' }] = await superuser.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
  const endOlder = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE usename = 'sluice_app' AND backend_start <= $1::timestamptz`;
  expect(await superuser.query(endOlder, [now])).not.toEqual([]);
  await waitFor(async () => (await superuser.query(endOlder, [now])).length === 0, {
    what: 'the connections that notify are no more',
  });
  await superuser.end();
  expect(await changesArrive('route-2')).toMatchObject(received);
  await listening.stop();
  expect(heard).toEqual([]);
});
