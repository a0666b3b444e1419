// A canary that somebody has turned off stays off, whatever is published, copied, put back or started again afterwards: what
// gateways serve is asked of them, process by process.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { documentSchema, type Revision, type Weights } from '@sluice/contracts';
import { temporaryFolder, type TemporaryFolder } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { snapshotOf } from './support/feed-snapshot.js';
import { Fleet, type Gateway } from './support/fleet.js';
import { Person } from './support/person.js';

const base = '/v1/tenants/acme/environments/production';
const weightsPath = `${base}/apis/shop/routes/route-0/weights`;
const off = { stable: 10_000, canary: 0 };

let folder: TemporaryFolder;
let plane: ControlPlane;
let fleet: Fleet;
let owner: Person;
let broken: Server;

beforeAll(async () => {
  [plane, folder] = await Promise.all([startControlPlane(), temporaryFolder('sluice-canary-')]);
  fleet = await Fleet.start(plane, folder.path);
  broken = createServer((_req, res) => void res.writeHead(500).end());
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
  owner = await new Person(plane, 'owner@acme.test').signUp();
  await owner.ask('POST', '/v1/tenants', { slug: 'acme', title: 'Acme' });
});
afterAll(async () => {
  await fleet.stop();
  broken.closeAllConnections();
  broken.close();
  await plane.stop();
  await folder.remove();
});

test('a broken canary set to zero stays at zero through publish, sync, promote, republish, a route gone and back, and restarts', async () => {
  const document = documentSchema.parse({
    sluice: 1,
    upstreams: {
      well: { targets: [{ url: fleet.upstreamUrl }] },
      // It is never ejected: its arm would fall back to stable, and look turned off.
      broken: {
        targets: [{ url: `http://127.0.0.1:${(broken.address() as AddressInfo).port}` }],
        ejection: { maxPercent: 0 },
      },
    },
    apis: {
      shop: {
        title: 'Shop',
        routes: [
          {
            name: 'route-0',
            match: { path: { prefix: '/route-0' } },
            split: {
              arms: [
                { name: 'stable', upstream: 'well', weight: 5000 },
                { name: 'canary', upstream: 'broken', weight: 5000 },
              ],
            },
          },
        ],
      },
    },
    plans: {},
  });
  await owner.ask('POST', `${base}/document/sync`, document);
  await owner.ask('POST', `${base}/publish`, {});
  const [one, two] = [await fleet.add('one'), await fleet.add('two')];
  expect(await failuresOf(one)).toBeGreaterThan(0);
  await owner.ask('PUT', weightsPath, { weights: off });

  const expectOff = async (after: string, ...gateways: Gateway[]): Promise<void> => {
    expect([after, (await owner.ask<Weights>('GET', weightsPath)).weights]).toEqual([after, off]);
    for (const gateway of gateways) expect([after, await failuresOf(gateway)]).toEqual([after, 0]);
  };
  const publish = async (): Promise<Revision> => owner.ask('POST', `${base}/publish?wait=applied`, {});
  const addPlan = async (name: string): Promise<unknown> =>
    owner.ask('POST', `${base}/document/apply`, {
      sluice: 1,
      plans: { [name]: { title: name, apis: [], limits: [] } },
    });

  await addPlan('gold');
  await publish();
  await expectOff('publish', one, two);
  await owner.ask('POST', `${base}/document/sync`, document);
  await expectOff('sync', one, two);
  await publish();
  await expectOff('sync and publish', one, two);
  await owner.ask('POST', `${base}/revisions/2/republish?wait=applied`, {});
  await expectOff('republish', one, two);
  const other = '/v1/tenants/acme/environments/other';
  await owner.ask('POST', '/v1/tenants/acme/environments', { name: 'other' });
  await owner.ask('POST', `${other}/document/sync`, document);
  await owner.ask('POST', `${other}/publish`, {});
  const promotion = { from: 'other', to: 'revision' };
  await owner.ask('POST', `${base}/promote?wait=applied`, promotion, { 'if-match': '*' });
  await expectOff('promote', one, two);

  // The wrong file was synced and published, and somebody goes back.
  const { number } = await publish();
  await owner.ask('POST', `${base}/document/sync`, { ...document, apis: {} });
  await publish();
  expect((await owner.send('GET', weightsPath)).status).not.toBe(200);
  await owner.ask('POST', `${base}/revisions/${number}/republish?wait=applied`, {});
  await owner.ask('POST', `${base}/document/sync`, document);
  await expectOff('a route that was gone, and back with its revision', one, two);

  await plane.kill();
  await two.stop();
  const again = await fleet.add('two');
  expect(await failuresOf(again)).toBe(0);
  await plane.startAgain();
  await expectOff('a restart of the control plane, and of a gateway without it', one, again);
  const newcomer = await fleet.add('three');
  await expectOff('a gateway that has kept nothing', newcomer);
  await addPlan('silver');
  await publish();
  await expectOff('publish after the restart', one, again, newcomer);

  const { id } = await owner.ask<{ id: string }>('GET', base);
  const told = (await snapshotOf(plane)).flatMap((line) => (line.type === 'entry' ? [line.entry] : []));
  expect(told.filter(({ environmentId, change }) => environmentId === id && change.kind === 'weights')).toMatchObject([
    { change: { route: 'shop/route-0', weights: off } },
  ]);
}, 240_000);

/** Of 100 requests. An arm that has half of them gets at least one, but for one time in 2^100. */
async function failuresOf({ port }: Gateway): Promise<number> {
  const asked = Array.from({ length: 100 }, async () => fleet.ask(port, { slug: 'acme', key: '', path: '/route-0' }));
  return (await Promise.all(asked)).filter((status) => status !== 200).length;
}
