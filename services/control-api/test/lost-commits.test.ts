// A database that has lost its last commits without anybody restoring it, as after a fail-over to a replica that lagged: a real
// gateway that has them ends with what the database says.
import type { CredentialWithKey } from '@sluice/contracts';
import { temporaryFolder, type TemporaryFolder } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Fleet } from './support/fleet.js';
import { Person } from './support/person.js';
import { connectSuperuser } from './support/superuser.js';

const base = '/v1/tenants/acme/environments/production';

let plane: ControlPlane;
let folder: TemporaryFolder;
let fleet: Fleet;
let owner: Person;

beforeAll(async () => {
  [plane, folder] = await Promise.all([startControlPlane(), temporaryFolder('sluice-lost-')]);
  fleet = await Fleet.start(plane, folder.path);
  owner = await new Person(plane, 'owner@acme.test').signUp();
  await owner.ask('POST', '/v1/tenants', { slug: 'acme', title: 'Acme' });
});
afterAll(async () => {
  await fleet.stop();
  await plane.stop();
  await folder.remove();
});

test('a gateway that applied what the database has lost since ends with what the database says', async () => {
  const body = { name: 'orders', title: 'Orders', upstreamUrl: fleet.upstreamUrl };
  await owner.ask('POST', `${base}/first-run`, body);
  await owner.ask('PUT', `${base}/plans/free`, { title: 'Free', apis: ['orders'], limits: [] });
  await owner.ask('POST', `${base}/publish`, {});
  const { id } = await owner.ask<{ id: string }>('POST', `${base}/applications`, { title: 'Application' });
  const subscription = await owner.ask<{ id: string }>('POST', `${base}/applications/${id}/subscriptions`, {
    plan: 'free',
  });
  const keys = `${base}/subscriptions/${subscription.id}/credentials`;
  const credential = await owner.ask<CredentialWithKey>('POST', keys, { name: 'Revoked, and then not' });
  const { key } = credential;
  const { port } = await fleet.add('gw-ahead');
  await fleet.untilAll('acme', key, 200, '/orders');

  const superuser = await connectSuperuser(plane.postgresUrl);
  try {
    const columns = 'position, mark, previous_mark';
    await superuser.query(`CREATE TEMP TABLE kept AS SELECT ${columns} FROM sluice.fleets`);
    await owner.ask('DELETE', `${base}/credentials/${credential.id}`);
    await fleet.untilAll('acme', key, 401, '/orders');
    await superuser.query(`
      BEGIN;
      DELETE FROM sluice.feed WHERE position > (SELECT position FROM kept);
      UPDATE sluice.fleets SET (${columns}) = (SELECT ${columns} FROM kept);
      UPDATE sluice.credentials SET state = 'active', revoked_at = NULL WHERE id = '${credential.id}';
      COMMIT`);
  } finally {
    await superuser.end();
  }
  const made = [
    await owner.ask<CredentialWithKey>('POST', keys, { name: 'At the same position' }),
    await owner.ask<CredentialWithKey>('POST', keys, { name: 'After it' }),
  ];
  const all = [key, ...made.map((each) => each.key)];
  for (const one of all) await fleet.untilAll('acme', one, 200, '/orders');
  const statuses = all.map(async (one) => fleet.ask(port, { slug: 'acme', key: one, path: '/orders' }));
  expect(await Promise.all(statuses)).toEqual([200, 200, 200]);
}, 180_000);
