// Two people, two tabs, a double click: what happens when requests about one thing meet. Where the order matters, a
// transaction of the test holds it open.
import { createAuthPool, type Pool } from '@sluice/prisma';
import { waitFor } from '@sluice/local-stack';
import {
  newId,
  type CredentialWithKey,
  type FirstRun,
  type Me,
  type Page,
  type Plan,
  type Problem,
} from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { changesOf, snapshotOf } from './support/feed-snapshot.js';
import { Person } from './support/person.js';

let plane: ControlPlane;
let owner: Person;
let superuser: Pool;
const base = '/v1/tenants/acme/environments/production';

beforeAll(async () => {
  plane = await startControlPlane();
  superuser = createAuthPool(plane.postgresUrl, () => undefined);
  owner = await new Person(plane, 'owner@example.test').signUp();
  await owner.ask('POST', '/v1/tenants', { slug: 'acme', title: 'Acme' });
  await owner.ask('POST', `${base}/first-run`, { name: 'orders', title: 'Orders', upstreamUrl: 'https://one.test' });
});
afterAll(async () => {
  await superuser.end();
  await plane.stop();
});

async function newSubscription(): Promise<{ application: string; subscription: string }> {
  const { id: application } = await owner.ask<{ id: string }>('POST', `${base}/applications`, { title: 'Racing' });
  const { id: subscription } = await owner.ask<{ id: string }>(
    'POST',
    `${base}/applications/${application}/subscriptions`,
    { plan: 'free' },
  );
  return { application, subscription };
}

const somebodyWaits = async (): Promise<void> => {
  await waitFor(
    async () =>
      (await superuser.query(`SELECT FROM pg_stat_activity WHERE usename = 'sluice_app' AND wait_event_type = 'Lock'`))
        .rows.length > 0,
    { what: 'a request waits for a lock' },
  );
};

test('of ten changes at once that name one state, one is made', async () => {
  const path = `${base}/plans/free`;
  for (let round = 0; round < 3; round += 1) {
    const { headers, body } = await owner.send<Plan>('GET', path);
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, index) =>
        owner.send(
          'PUT',
          path,
          { title: `By ${index}`, apis: body.apis, limits: body.limits },
          { 'if-match': headers.get('etag') ?? '' },
        ),
      ),
    );
    const ofStatus = (wanted: number) => answers.filter(({ status }) => status === wanted);
    expect([ofStatus(200).length, ofStatus(412).length]).toEqual([1, 9]);
  }
});

test('a subscription that is cancelled and resumed at once stays cancelled', async () => {
  const { subscription } = await newSubscription();
  const client = await superuser.connect();
  try {
    await client.query('BEGIN');
    await client.query(`UPDATE sluice.subscriptions SET state = 'cancelled' WHERE id = $1`, [subscription]);
    const resuming = owner.send<Problem>('PATCH', `${base}/subscriptions/${subscription}`, { state: 'active' });
    await somebodyWaits();
    await client.query('COMMIT');
    expect(await resuming).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  } finally {
    client.release(true);
  }
  expect(await owner.ask('GET', `${base}/subscriptions/${subscription}`)).toMatchObject({ state: 'cancelled' });
});

test('an application has one subscription to a plan, however many ask at once', async () => {
  const { application, subscription } = await newSubscription();
  const path = `${base}/applications/${application}/subscriptions`;
  expect(await owner.send('POST', path, { plan: 'free' })).toMatchObject({
    status: 409,
    body: { code: 'state_conflict' },
  });
  await owner.ask('POST', `${base}/plans`, { name: 'quota', title: 'Quota', apis: [], limits: [] });
  const answers = await Promise.all(Array.from({ length: 8 }, async () => owner.send('POST', path, { plan: 'quota' })));
  expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([
    201,
    ...Array.from({ length: 7 }, () => 409),
  ]);
  const moved = await owner.send('PATCH', `${base}/subscriptions/${subscription}`, { plan: 'quota' });
  expect(moved).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  await owner.ask('PATCH', `${base}/subscriptions/${subscription}`, { plan: 'free' });
  await owner.ask('PATCH', `${base}/subscriptions/${subscription}`, { state: 'cancelled' });
  await owner.ask('POST', path, { plan: 'free' });
});

test('a subscription made while its application is deleted is cancelled at the gateways too', async () => {
  const { application, subscription } = await newSubscription();
  const late = newId('subscription');
  const client = await superuser.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO sluice.subscriptions (id, tenant_id, environment_id, application_id, plan_id, state, revision)
       SELECT $1, tenant_id, environment_id, application_id, plan_id, state, revision FROM sluice.subscriptions WHERE id = $2`,
      [late, subscription],
    );
    const deleting = owner.send('DELETE', `${base}/applications/${application}`);
    await somebodyWaits();
    await client.query('COMMIT');
    expect((await deleting).status).toBe(204);
  } finally {
    client.release(true);
  }
  const changes = changesOf(await snapshotOf(plane));
  for (const id of [subscription, late])
    expect(changes).toContainEqual(expect.objectContaining({ kind: 'subscription', id, state: 'cancelled' }));
});

test('an environment that was never published takes its subscriptions and keys along', async () => {
  await owner.ask('POST', '/v1/tenants/acme/environments', { name: 'staging' });
  const staging = '/v1/tenants/acme/environments/staging';
  await owner.ask('POST', `${staging}/plans`, { name: 'gold', title: 'Gold', apis: [], limits: [] });
  const { id: application } = await owner.ask<{ id: string }>('POST', `${staging}/applications`, { title: 'One' });
  const { id: subscription } = await owner.ask<{ id: string }>(
    'POST',
    `${staging}/applications/${application}/subscriptions`,
    { plan: 'gold' },
  );
  const { id: key } = await owner.ask<CredentialWithKey>(
    'POST',
    `${staging}/subscriptions/${subscription}/credentials`,
    { name: 'Key' },
  );
  const told = async () => {
    const text = JSON.stringify(await snapshotOf(plane));
    return [subscription, key].map((id) => text.includes(id));
  };
  expect(await told()).toEqual([true, true]);
  await owner.ask('DELETE', staging);
  expect(await told()).toEqual([false, false]);
});

test('an environment that is being deleted holds up nobody else in the fleet', async () => {
  const leaver = await new Person(plane, 'leaver@example.test').signUp();
  await leaver.ask('POST', '/v1/tenants', { slug: 'leaving', title: 'Leaving' });
  await leaver.ask('POST', '/v1/tenants/leaving/environments/production/first-run', {
    name: 'orders',
    title: 'Orders',
    upstreamUrl: 'https://one.test',
  });
  await leaver.ask('POST', '/v1/tenants/leaving/environments', { name: 'staging' });
  const { subscription } = await newSubscription();
  const client = await superuser.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `SELECT FROM sluice.environments WHERE name = 'staging' AND tenant_id = (SELECT id FROM sluice.tenants WHERE slug = 'leaving') FOR UPDATE`,
    );
    const deleting = leaver.send('DELETE', '/v1/tenants/leaving/environments/staging');
    await somebodyWaits();
    // Held up, it would wait until one of the two is given up.
    await owner.ask('PATCH', `${base}/subscriptions/${subscription}`, { state: 'suspended' });
    await somebodyWaits();
    await client.query('COMMIT');
    expect((await deleting).status).toBe(204);
  } finally {
    client.release(true);
  }
});

test('an invited person who opens several pages at once becomes a member in each', async () => {
  for (const name of ['one', 'two', 'three']) {
    const email = `${name}@invited.test`;
    await owner.ask('POST', '/v1/tenants/acme/members', { email, role: 'viewer' });
    const invited = new Person(plane, email);
    await invited.ask('POST', '/v1/auth/sign-up/email', { email, password: invited.password });
    const otp = await codeOf(email);
    await invited.ask('POST', '/v1/auth/email-otp/verify-email', { email, otp });
    const answers = await Promise.all(Array.from({ length: 8 }, async () => invited.send('GET', '/v1/me')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  }
});

/** The invitation is no mail with a code. */
async function codeOf(email: string): Promise<string> {
  return waitFor(
    () =>
      plane.mail
        .messages(email)
        .flatMap(({ subject }) => /^\d{6}/.exec(subject)?.[0] ?? [])
        .at(0),
    { what: 'the code comes' },
  );
}

test('APIs that two first runs add at once are both on offer', async () => {
  await owner.ask('POST', '/v1/tenants', { slug: 'busy', title: 'Busy' });
  const busy = '/v1/tenants/busy/environments/production';
  const run = async (name: string) =>
    owner.ask<FirstRun>('POST', `${busy}/first-run`, { name, title: name, upstreamUrl: 'https://one.test' });
  await run('first');
  const names = ['second', 'third', 'fourth', 'fifth'];
  await Promise.all(names.map(async (name) => run(name)));
  const { items } = await owner.ask<Page<Plan>>('GET', `${busy}/plans`);
  expect(items.find(({ name }) => name === 'free')?.apis.toSorted()).toEqual(['first', ...names].toSorted());
});

test('who was invited and asks many things at once is let in by each', async () => {
  for (let round = 0; round < 6; round += 1) {
    const email = `invited-${round}@example.test`;
    await owner.ask('POST', '/v1/tenants/acme/members', { email, role: 'viewer' });
    const invited = await new Person(plane, email).signUp();
    const answers = await Promise.all(Array.from({ length: 40 }, async () => invited.send('GET', base)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  }
});

test('who was invited by very many tenants is let into each at once, and finds them all little by little', async () => {
  await superuser.query(`
    WITH inviting AS (
      INSERT INTO sluice.tenants (id, slug, title)
      SELECT format('ten_inviting%s', lpad(n::text, 3, '0')), format('inviting-%s', n), 'Inviting' FROM generate_series(1, 70) n RETURNING id
    )
    INSERT INTO sluice.members (id, tenant_id, email, role, state)
    SELECT replace(id, 'ten_', 'mem_'), id, 'wanted@example.test', 'viewer', 'invited' FROM inviting`);
  const wanted = await new Person(plane, 'wanted@example.test').signUp();
  expect((await wanted.send('GET', '/v1/tenants/inviting-70')).status).toBe(200);
  const known = async (): Promise<number> => (await wanted.ask<Me>('GET', '/v1/me')).memberships.length;
  expect([await known(), await known(), await known()]).toEqual([51, 70, 70]);
});
