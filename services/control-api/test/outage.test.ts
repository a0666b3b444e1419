// The control plane loses its power under traffic: gateways serve on, one starts from its disk meanwhile, and what is changed
// afterwards arrives. Processes as they are deployed.
import type { CredentialWithKey, Page, Revision } from '@sluice/contracts';
import { temporaryFolder, type TemporaryFolder } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Fleet, type Gateway } from './support/fleet.js';
import { Person } from './support/person.js';

const base = '/v1/tenants/acme/environments/production';

let folder: TemporaryFolder;
let plane: ControlPlane;
let fleet: Fleet;
let owner: Person;
let subscription: string;

beforeAll(async () => {
  [plane, folder] = await Promise.all([startControlPlane(), temporaryFolder('sluice-outage-')]);
  fleet = await Fleet.start(plane, folder.path);
  owner = await new Person(plane, 'owner@acme.test').signUp();
  await owner.ask('POST', '/v1/tenants', { slug: 'acme', title: 'Acme' });
  await owner.ask('POST', `${base}/upstreams`, { name: 'shop', targets: [{ url: fleet.upstreamUrl }] });
  await owner.ask('POST', `${base}/apis`, { name: 'shop', title: 'Shop' });
  await owner.ask('POST', `${base}/apis/shop/routes`, routeOf('route-0'));
  await owner.ask('POST', `${base}/plans`, { name: 'free', title: 'Free', apis: ['shop'], limits: [] });
  await owner.ask('POST', `${base}/publish`, {});
  const { id } = await owner.ask<{ id: string }>('POST', `${base}/applications`, { title: 'Application' });
  const path = `${base}/applications/${id}/subscriptions`;
  ({ id: subscription } = await owner.ask<{ id: string }>('POST', path, { plan: 'free' }));
});
afterAll(async () => {
  await fleet.stop();
  await plane.stop();
  await folder.remove();
});

const routeOf = (name: string): object => ({
  name,
  match: { path: { prefix: `/${name}` } },
  policies: [{ 'api-key': {} }],
  split: { arms: [{ name: 'stable', upstream: 'shop', weight: 10_000 }] },
});

const newKey = async (): Promise<CredentialWithKey> =>
  owner.ask('POST', `${base}/subscriptions/${subscription}/credentials`, { name: 'Key' });

test('control-api and Postgres are killed under traffic: no request fails, a gateway starts from its disk, and later changes arrive', async () => {
  const [one, two] = [await fleet.add('one'), await fleet.add('two')];
  const { key } = await newKey();
  await fleet.untilAll('acme', key, 200);
  const load = askOnAndOn(one, key);

  await plane.kill();
  await two.stop();
  const again = await fleet.add('two');
  expect(await fleet.ask(again.port, { slug: 'acme', key, path: '/route-0' })).toBe(200);
  await plane.startAgain();

  // Each change is one more than the one before; the last of them says that all have come.
  const [kept, revoked] = [await newKey(), await newKey()];
  await fleet.untilAll('acme', revoked.key, 200);
  await owner.ask('DELETE', `${base}/credentials/${revoked.id}`);
  await fleet.untilAll('acme', revoked.key, 401);
  for (const name of ['route-1', 'route-2']) {
    await owner.ask('POST', `${base}/apis/shop/routes`, routeOf(name));
    await owner.ask('POST', `${base}/publish?wait=applied`, {});
  }
  await fleet.untilAll('acme', kept.key, 200, '/route-2');
  const { items } = await owner.ask<Page<Revision>>('GET', `${base}/revisions`);
  expect(items.map(({ number }) => number)).toEqual([3, 2, 1]);

  const statuses = await load.stop();
  expect([...statuses.keys()]).toEqual([200]);
  expect(statuses.get(200)).toBeGreaterThan(100);
}, 180_000);

function askOnAndOn({ port }: Gateway, key: string): { stop(): Promise<ReadonlyMap<number, number>> } {
  const statuses = new Map<number, number>();
  const stopping = new AbortController();
  const client = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const status = await fleet.ask(port, { slug: 'acme', key, path: '/route-0' });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const running = Promise.all([client(), client()]);
  return {
    stop: async () => {
      stopping.abort();
      await running;
      return statuses;
    },
  };
}
