// Secrets are planted everywhere that one can be given to the real process or got from it, and then searched for in all that it
// leaves behind: every row of every table, its log at the finest level, every mail, every answer that refuses something,
// its metrics. Where one may lie, and why, is said here; anywhere else is a leak.
import type { CredentialWithKey, Problem } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authSecret, fleetToken, startControlPlane, type ControlPlane } from './support/control-plane.js';
import { enrol } from './support/authenticator.js';
import { furnishTenant } from './support/furnished-tenant.js';
import { holds } from './support/holds.js';
import { Person } from './support/person.js';
import { connectSuperuser } from './support/superuser.js';

const planted = {
  password: 'canary-password-3f9a1c77',
  newPassword: 'canary-new-password-8b21e4d0',
  wrongPassword: 'canary-wrong-password-51d7c0aa',
  upstreamHeader: 'Bearer canary-upstream-header-c4e8125b',
  sharedSecret: 'canary-shared-secret-77aa10fe-77aa10fe-77aa10fe',
  unknownBearer: 'slp_canary0unknown0token0d2c9b8e7',
  unknownCookie: 'canary-unknown-session-9e0d41f2',
  unknownFleetToken: 'canary-unknown-fleet-token-6a5b4c3d',
} as const;

/** The tables in which a secret has to lie, as it was given. */
const mayLieIn: Readonly<Record<string, readonly string[]>> = {
  // What upstreams and issuers share with a tenant is not here: documents refer to it, and its one table has it sealed.
};
/** The mails whose purpose a secret is. */
const mayBeMailed = new Set(['signUpCode', 'resetCode']);

let plane: ControlPlane;
let secrets: Record<string, string>;
const refusals: { readonly of: string; readonly text: string }[] = [];
let rows: ReadonlyMap<string, readonly Record<string, unknown>[]>;
let metrics: string;

beforeAll(async () => {
  plane = await startControlPlane({ env: { LOG_LEVEL: 'trace' } });
  secrets = {
    ...planted,
    ...(await useEverything()),
    fleetToken,
    authSecret,
    ...databasePasswords(),
  };
  await provoke();
  metrics = await (await fetch(`${plane.opsUrl}/metrics`)).text();
  const superuser = await connectSuperuser(plane.postgresUrl);
  rows = await superuser.dump();
  await superuser.end();
  // What the log says when the database is away is another path than all above.
  await plane.stopPostgres();
  await provoke();
});
afterAll(async () => {
  await plane.stop();
});

/** Does what people do, and returns every secret that was made on the way. */
async function useEverything(): Promise<Record<string, string>> {
  const { owner, base, key, values } = await furnishTenant(plane, 'acme');
  const ada = new Person(plane, 'ada@acme.test', planted.password);
  await ada.signUp();
  const signUpCode = await ada.code();
  await ada.ask('POST', '/v1/auth/sign-in/email', { email: ada.email, password: planted.password });
  const proof = cookieOf(ada, 'confirming');
  await ada.ask('POST', '/v1/auth/email-otp/request-password-reset', { email: ada.email });
  const resetCode = await waitFor(
    async () => {
      const code = await ada.code();
      return code === signUpCode ? undefined : code;
    },
    { what: 'the mail with the code for a new password comes' },
  );
  await ada.ask('POST', '/v1/auth/email-otp/reset-password', {
    email: ada.email,
    otp: resetCode,
    password: planted.newPassword,
  });
  await ada.ask('POST', '/v1/auth/sign-in/email', { email: ada.email, password: planted.newPassword });
  const session = cookieOf(ada, 'session_token');
  const guarded = await useTwoFactor();
  const policies = [
    {
      jwt: {
        issuers: [{ issuer: 'https://issuer.test', audiences: ['us'], keys: [{ secret: 'secret:shared' }] }],
      },
    },
    { headers: { request: { set: { 'x-backend-auth': 'secret:backend' } } } },
  ];
  for (const value of [planted.sharedSecret, `${planted.sharedSecret}-2`])
    await owner.ask('PUT', `${base}/secrets/shared`, { value });
  await owner.ask('PUT', `${base}/secrets/backend`, { value: planted.upstreamHeader });
  const arms = [{ name: 'stable', upstream: 'orders-v1', weight: 10_000 }];
  const route = { match: { path: { prefix: '/secretive' } }, policies, split: { arms } };
  await owner.ask(
    'POST',
    `${base}/apis/orders/routes`,
    { name: 'secretive', ...route },
    { 'idempotency-key': 'canary-route' },
  );
  await owner.ask('PUT', `${base}/apis/orders/routes/secretive`, { ...route, match: { path: { prefix: '/hidden' } } });
  await owner.ask('PATCH', `${base}/apis/orders`, { policies });
  await refuseInline(owner, base, route);
  await owner.ask('POST', `${base}/publish`, {});
  const issued = await owner.ask<CredentialWithKey>(
    'POST',
    `${base}/subscriptions/${values['subscription']}/credentials`,
    { name: 'Canary' },
    { 'idempotency-key': 'canary-key' },
  );
  await ada.ask('POST', '/v1/portal/acme/quick-start', { plan: 'free' });
  const { token: personalToken } = await ada.ask<{ token: string }>('POST', '/v1/me/tokens', { name: 'canary' });
  const { token: serviceToken } = await owner.ask<{ token: string }>(
    'POST',
    `/v1/tenants/acme/service-accounts/${values['account']}/tokens`,
    { name: 'canary' },
    { 'idempotency-key': 'canary-service-token' },
  );
  for (const token of [personalToken, serviceToken])
    await stranger().send('GET', '/v1/token', undefined, { authorization: `Bearer ${token}` });
  return {
    signUpCode,
    resetCode,
    firstKey: key,
    issuedKey: issued.key,
    sessionCookie: session,
    sessionToken: decodeURIComponent(session).split('.')[0] ?? '',
    confirmingCookie: proof,
    ...guarded,
    personalToken,
    serviceToken,
  };
}

async function useTwoFactor(): Promise<Record<string, string>> {
  const person = await new Person(plane, 'bea@acme.test', planted.newPassword).signUp();
  const signIn = { email: person.email, password: person.password };
  const { uri, secret, backupCodes, app } = await enrol(person);
  await person.ask('POST', '/v1/auth/sign-out', {});
  await person.ask('POST', '/v1/auth/sign-in/email', signIn);
  const halfCookie = cookieOf(person, 'two_factor');
  const appCode = app.next();
  await person.ask('POST', '/v1/auth/two-factor/verify-totp', { code: appCode });
  const [backupCode = '', usedBackupCode = ''] = backupCodes;
  await person.ask('POST', '/v1/auth/two-factor/verify-backup-code', { code: usedBackupCode });
  return { appSecret: secret, appUri: uri, appCode, backupCode, usedBackupCode, halfCookie };
}

/** A secret that is written out where a reference belongs is refused, and kept nowhere. */
async function refuseInline(owner: Person, base: string, route: object): Promise<void> {
  const policies = [
    { jwt: { issuers: [{ issuer: 'https://issuer.test', keys: [{ secret: planted.sharedSecret }] }] } },
    { headers: { request: { add: { authorization: planted.upstreamHeader } } } },
  ];
  const document = { sluice: 1, apis: { inline: { title: 'Inline', policies, routes: [] } } };
  const headers = { 'idempotency-key': 'canary-inline' };
  for (const [method, path, body] of [
    ['POST', 'apis/orders/routes', { ...route, name: 'inline', policies }],
    ['PUT', 'apis/orders/routes/secretive', { ...route, policies }],
    ['PATCH', 'apis/orders', { policies }],
    ['POST', 'apis', { name: 'inline', title: 'Inline', policies }],
    ['POST', 'document/apply', document],
    ['POST', 'document/sync', document],
    ['PUT', 'secrets/shared', { value: [planted.sharedSecret] }],
  ] as const) {
    const answer = await owner.send<Problem>(method, `${base}/${path}`, body, method === 'POST' ? headers : {});
    expect([400, 422], `${method} ${path}`).toContain(answer.status);
    const pointers = answer.body.errors?.map(({ pointer }) => pointer) ?? [];
    expect(pointers.length, `${method} ${path}`).toBeGreaterThan(0);
    refusals.push({ of: `${method} ${path}`, text: JSON.stringify([answer.body, [...answer.headers]]) });
  }
}

/** Sends secrets where they are refused, misplaced or half read. */
async function provoke(): Promise<void> {
  const person = stranger();
  const keep = async (answer: Promise<{ status: number; headers: Headers; body: unknown }>): Promise<void> => {
    const { status, headers, body } = await answer;
    expect(status).toBeGreaterThanOrEqual(400);
    refusals.push({
      of: `${status} ${String(headers.get('x-request-id'))}`,
      text: JSON.stringify([body, [...headers]]),
    });
  };
  const email = 'ada@acme.test';
  const all = Object.values(secrets).join(' ');
  await keep(person.send<Problem>('POST', '/v1/auth/sign-in/email', { email, password: planted.wrongPassword }));
  await keep(person.send<Problem>('POST', '/v1/auth/sign-in/email', { email, password: [planted.newPassword] }));
  await keep(person.send<Problem>('POST', '/v1/auth/sign-in/email', { email: planted.newPassword, password: 1 }));
  await keep(person.send<Problem>('POST', '/v1/auth/sign-in/email', `{"password":"${planted.newPassword}`));
  await keep(
    person.send<Problem>('POST', '/v1/auth/email-otp/reset-password', {
      email,
      otp: secrets['resetCode'],
      password: planted.newPassword,
    }),
  );
  await keep(person.send<Problem>('POST', '/v1/tenants', { slug: all, title: [all] }));
  await keep(person.send<Problem>('GET', `/v1/tenants?cursor=${encodeURIComponent(all)}`));
  for (const token of [planted.unknownBearer, secrets['issuedKey'], `${secrets['personalToken']}0`])
    await keep(person.send<Problem>('GET', '/v1/me', undefined, { authorization: `Bearer ${token}` }));
  await keep(
    person.send<Problem>('GET', '/v1/me', undefined, { cookie: `sluice.session_token=${planted.unknownCookie}` }),
  );
  await keep(
    person.send<Problem>('GET', '/v1/fleet/feed', undefined, { authorization: `Bearer ${planted.unknownFleetToken}` }),
  );
  for (const cookie of [secrets['sessionCookie'] ?? '', '']) {
    const headers = { cookie: `sluice.session_token=${cookie}` };
    await keep(person.send<Problem>('POST', '/v1/tenants', { slug: planted.password, unknown: all }, headers));
    await keep(person.send<Problem>('POST', '/v1/tenants', `{"title":"${all}`, headers));
    await keep(person.send<Problem>('GET', `/v1/tenants?limit=${encodeURIComponent(all)}`, undefined, headers));
  }
}

const stranger = (): Person => new Person(plane, 'stranger@nowhere.test');

function cookieOf({ cookies }: Person, name: string): string {
  const pair = cookies.split('; ').find((one) => one.startsWith(`sluice.${name}=`)) ?? '';
  return pair.slice(pair.indexOf('=') + 1);
}

function databasePasswords(): Record<string, string> {
  return Object.fromEntries(
    ['DATABASE_URL', 'AUTH_DATABASE_URL', 'FEED_DATABASE_URL'].map((name) => [
      name,
      new URL(plane.env[name] ?? '').password,
    ]),
  );
}

const named = (): [string, string][] => Object.entries(secrets);

test('there is a secret of each kind to look for', () => {
  for (const [name, secret] of named()) expect(secret.length, name).toBeGreaterThanOrEqual(6);
  expect(new Set(Object.values(secrets)).size).toBe(named().length);
});

test('no table holds a secret but those in which it has to lie', () => {
  expect(rows.get('sluice.audit_entries')?.length).toBeGreaterThan(10);
  expect(rows.get('sluice.idempotent_creations')?.length).toBeGreaterThan(0);
  const found = named().flatMap(([name, secret]) =>
    [...rows]
      .filter(([, own]) => own.some((row) => holds(JSON.stringify(row), secret)))
      .map(([table]) => `${name} in ${table}`),
  );
  const allowed = Object.entries(mayLieIn).flatMap(([name, tables]) => tables.map((table) => `${name} in ${table}`));
  expect(found.toSorted()).toEqual(allowed.toSorted());
});

test('the log says nothing of a secret, at its finest level, also while the database is away', () => {
  const log = plane.lines.join('\n');
  expect(log).toContain('a request failed');
  expect(
    named()
      .filter(([, secret]) => holds(log, secret))
      .map(([name]) => name),
  ).toEqual([]);
});

test('a mail holds the one code that it was sent for, and nothing else', () => {
  const mails = plane.mail.messages();
  expect(mails.length).toBeGreaterThan(2);
  for (const { subject, text } of mails) {
    const told = named()
      .filter(([, secret]) => holds(`${subject}\n${text}`, secret))
      .map(([name]) => name);
    expect(told.filter((name) => !mayBeMailed.has(name))).toEqual([]);
    expect(told.length).toBeLessThanOrEqual(1);
  }
});

test('no answer that refuses something gives back a secret, not even one that was sent with it', () => {
  expect(refusals.length).toBeGreaterThan(30);
  const told = refusals.flatMap(({ of, text }) =>
    named()
      .filter(([, secret]) => holds(text, secret))
      .map(([name]) => `${name} in ${of}`),
  );
  expect(told).toEqual([]);
});

test('the metrics hold no secret', () => {
  expect(metrics).toContain('sluice_control_request_duration_seconds');
  expect(
    named()
      .filter(([, secret]) => holds(metrics, secret))
      .map(([name]) => name),
  ).toEqual([]);
});
