// Signing up, in and out: against the built process, a real Postgres and a real mail server.
import { createHmac } from 'node:crypto';
import { waitFor } from '@sluice/local-stack';
import type { Me, Problem } from '@sluice/contracts';
import { createAuthPool } from '@sluice/prisma';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authSecret, startControlPlane, type ControlPlane } from './support/control-plane.js';
import { holds } from './support/holds.js';
import { Person } from './support/person.js';
import { connectSuperuser } from './support/superuser.js';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
});
afterAll(async () => {
  await plane.stop();
});

test('a person signs up, confirms the address with the mailed code, and is signed in', async () => {
  const ada = new Person(plane, 'ada@example.test');
  const signedUp = await ada.send('POST', '/v1/auth/sign-up/email', {
    email: ada.email,
    password: ada.password,
    name: 'Ada',
  });
  expect(signedUp).toMatchObject({ status: 200, body: { success: true } });
  const before = await ada.send<Problem>('GET', '/v1/me');
  expect(before).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  const verified = await ada.send('POST', '/v1/auth/email-otp/verify-email', {
    email: ada.email,
    otp: await ada.code(),
  });
  expect(verified).toMatchObject({
    status: 200,
    body: { user: { email: ada.email, name: 'Ada', emailVerified: true } },
  });
  expect(JSON.stringify(verified.body)).not.toContain('token');
  const me = await ada.ask<Me>('GET', '/v1/me');
  expect(me).toMatchObject({ email: ada.email, name: 'Ada', memberships: [] });
  expect(me.id).toMatch(/^idn_[0-9a-f]{32}$/);
});

test('a session ends with signing out, and its cookie is dead on the server too', async () => {
  const ben = await new Person(plane, 'ben@example.test').signUp();
  const stolen = ben.cookies;
  await ben.ask('POST', '/v1/auth/sign-out', {});
  const replay = await fetch(`${plane.url}/v1/me`, { headers: { cookie: stolen } });
  expect(replay.status).toBe(401);
});

test('a session counts under our signature alone, to its end, and is renewed on the way', async () => {
  const eve = await new Person(plane, 'eve@session.test').signUp();
  const ask = async (cookie: string): Promise<Response> => fetch(`${plane.url}/v1/me`, { headers: { cookie } });
  const own = eve.cookies.split('; ').find((cookie) => cookie.includes('session_token='));
  const [name = '', value = ''] = own?.split('=', 2) ?? [];
  const [token = '', signature = ''] = decodeURIComponent(value).split('.');
  const signedBy = (secret: string): string =>
    encodeURIComponent(`${token}.${createHmac('sha256', secret).update(token).digest('base64')}`);
  expect((await ask(`${name}=${signedBy(authSecret)}`)).status).toBe(200);
  const foreign = signedBy('another secret');
  for (const other of [token, foreign, `.${signature}`, `${value}x`, '%', `${encodeURIComponent(token)}.`])
    expect((await ask(`${name}=${other}`)).status, other).toBe(401);
  const superuser = await connectSuperuser(plane.postgresUrl);
  const endIn = async (days: number): Promise<Response> => {
    const inDays = `now() + make_interval(secs => ${days * 86_400})`;
    await superuser.query(
      `UPDATE auth.session SET expires_at = ${inDays} WHERE user_id =
      (SELECT id FROM auth.identity WHERE email = $1)`,
      [eve.email],
    );
    return ask(eve.cookies);
  };
  expect((await endIn(29.5)).headers.getSetCookie()).toEqual([]);
  const renewed = await endIn(28);
  expect([renewed.status, renewed.headers.getSetCookie()]).toEqual([200, [expect.stringContaining(`${name}=`)]]);
  expect((await endIn(-0.001)).status).toBe(401);
  await superuser.end();
});

test('the session cookie cannot be read by scripts and is bound to its host', async () => {
  const cleo = await new Person(plane, 'cleo@example.test').signUp();
  const { headers } = await cleo.send('POST', '/v1/auth/sign-in/email', { email: cleo.email, password: cleo.password });
  const cookie = headers.getSetCookie().find((text) => text.includes('session_token')) ?? '';
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Lax/i);
  expect(cookie).not.toMatch(/Domain/i);
});

test('signing up with a known address answers as for a new one, and mails a note', async () => {
  const dan = await new Person(plane, 'dan@example.test').signUp();
  const again = await dan.send('POST', '/v1/auth/sign-up/email', { email: dan.email, password: 'another password' });
  expect(again).toMatchObject({ status: 200, body: { success: true } });
  await waitFor(() => plane.mail.messages(dan.email).some(({ subject }) => subject === 'You already have an account'), {
    what: 'a note comes by mail',
  });
  const stillOld = await new Person(plane, dan.email, 'another password').send<Problem>(
    'POST',
    '/v1/auth/sign-in/email',
    { email: dan.email, password: 'another password' },
  );
  expect(stillOld).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } });
});

test('who confirms an address has the password of the last sign-up, not one that somebody else chose before', async () => {
  const mallory = new Person(plane, 'eve@example.test', 'chosen by mallory');
  await mallory.ask('POST', '/v1/auth/sign-up/email', { email: mallory.email, password: mallory.password });
  await mallory.code();
  const seen = plane.mail.messages(mallory.email).length;
  const eve = new Person(plane, 'eve@example.test', 'chosen by eve herself');
  await eve.ask('POST', '/v1/auth/sign-up/email', { email: eve.email, password: eve.password });
  await waitFor(() => plane.mail.messages(eve.email).length > seen, { what: 'the second code comes' });
  await eve.ask('POST', '/v1/auth/email-otp/verify-email', { email: eve.email, otp: await eve.code() });
  const thief = await mallory.send<Problem>('POST', '/v1/auth/sign-in/email', {
    email: eve.email,
    password: mallory.password,
  });
  expect(thief).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } });
});

test('a code confirms only the sign-up of the browser that it is typed in', async () => {
  const otto = new Person(plane, 'otto@example.test', 'chosen by otto');
  await otto.ask('POST', '/v1/auth/sign-up/email', { email: otto.email, password: otto.password });
  await otto.code();
  const seen = plane.mail.messages(otto.email).length;
  const mallory = new Person(plane, otto.email, 'chosen by mallory');
  await mallory.ask('POST', '/v1/auth/sign-up/email', { email: otto.email, password: mallory.password });
  await waitFor(() => plane.mail.messages(otto.email).length > seen, { what: 'the second code comes' });
  const verify = { email: otto.email, otp: await otto.code() };
  const refused = await otto.send<Problem>('POST', '/v1/auth/email-otp/verify-email', verify);
  expect(refused).toMatchObject({ status: 403, body: { code: 'address_unverified' } });
  expect(refused.headers.getSetCookie()).toEqual([]);
  const thief = await mallory.send<Problem>('POST', '/v1/auth/sign-in/email', {
    email: otto.email,
    password: mallory.password,
  });
  expect(thief.body.code).toBe('address_unverified');
});

test('another browser confirms an address after signing in there with the password', async () => {
  const pia = new Person(plane, 'pia@example.test');
  await pia.ask('POST', '/v1/auth/sign-up/email', { email: pia.email, password: pia.password });
  const phone = new Person(plane, pia.email, pia.password);
  const verify = async () =>
    phone.send<Problem>('POST', '/v1/auth/email-otp/verify-email', { email: pia.email, otp: await pia.code() });
  expect((await verify()).body.code).toBe('address_unverified');
  const seen = plane.mail.messages(pia.email).length;
  await phone.send('POST', '/v1/auth/sign-in/email', { email: pia.email, password: 'a wrong guess' });
  await phone.send('POST', '/v1/auth/sign-in/email', { email: pia.email, password: pia.password });
  await waitFor(() => plane.mail.messages(pia.email).length > seen, { what: 'a new code comes' });
  expect(await verify()).toMatchObject({ status: 200, body: { user: { emailVerified: true } } });
});

test('an unconfirmed address cannot sign in, and is sent a new code', async () => {
  const fay = new Person(plane, 'fay@example.test');
  await fay.ask('POST', '/v1/auth/sign-up/email', { email: fay.email, password: fay.password });
  await fay.code();
  const seen = plane.mail.messages(fay.email).length;
  const answer = await fay.send<Problem>('POST', '/v1/auth/sign-in/email', {
    email: fay.email,
    password: fay.password,
  });
  expect(answer).toMatchObject({ status: 403, body: { code: 'address_unverified' } });
  await waitFor(() => plane.mail.messages(fay.email).length > seen, { what: 'a new code comes' });
});

test('a wrong code is refused, and after five the right one too', async () => {
  const gus = new Person(plane, 'gus@example.test');
  await gus.ask('POST', '/v1/auth/sign-up/email', { email: gus.email, password: gus.password });
  const otp = await gus.code();
  const wrong = otp === '000000' ? '000001' : '000000';
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const answer = await gus.send<Problem>('POST', '/v1/auth/email-otp/verify-email', { email: gus.email, otp: wrong });
    expect(answer).toMatchObject({ status: 400, body: { code: 'wrong_code', errors: [{ pointer: '/otp' }] } });
  }
  const late = await gus.send<Problem>('POST', '/v1/auth/email-otp/verify-email', { email: gus.email, otp });
  expect(late).toMatchObject({ status: 400, body: { code: 'wrong_code' } });
});

test('of thirty wrong passwords at once ten are tried, and the rest are told to wait', async () => {
  const hal = await new Person(plane, 'hal@example.test').signUp();
  const answers = await Promise.all(
    Array.from({ length: 30 }, async () =>
      new Person(plane, hal.email).send<Problem>('POST', '/v1/auth/sign-in/email', {
        email: hal.email,
        password: 'a wrong guess',
      }),
    ),
  );
  const codes = answers.map(({ body }) => body.code);
  expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(10);
  expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(20);
  const locked = await new Person(plane, hal.email).send<Problem>('POST', '/v1/auth/sign-in/email', {
    email: hal.email,
    password: hal.password,
  });
  expect(locked).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
  expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(60);
});

test('a forgotten password is replaced with a mailed code, and every session ends', async () => {
  const ivy = await new Person(plane, 'ivy@example.test').signUp();
  const seen = plane.mail.messages(ivy.email).length;
  const visitor = new Person(plane, ivy.email);
  await visitor.ask('POST', '/v1/auth/email-otp/request-password-reset', { email: ivy.email });
  await waitFor(() => plane.mail.messages(ivy.email).length > seen, { what: 'the reset code comes' });
  await visitor.ask('POST', '/v1/auth/email-otp/reset-password', {
    email: ivy.email,
    otp: await visitor.code(),
    password: 'the new password',
  });
  expect((await ivy.send('GET', '/v1/me')).status).toBe(401);
  await ivy.ask('POST', '/v1/auth/sign-in/email', { email: ivy.email, password: 'the new password' });
});

test('a changed password ends every other session', async () => {
  const joy = await new Person(plane, 'joy@example.test').signUp();
  const elsewhere = new Person(plane, joy.email);
  await elsewhere.ask('POST', '/v1/auth/sign-in/email', { email: joy.email, password: joy.password });
  const wrong = await joy.send<Problem>('POST', '/v1/auth/change-password', {
    currentPassword: 'not this one',
    newPassword: 'a newer password',
  });
  expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } });
  await joy.ask('POST', '/v1/auth/change-password', { currentPassword: joy.password, newPassword: 'a newer password' });
  expect((await joy.send('GET', '/v1/me')).status).toBe(200);
  expect((await elsewhere.send('GET', '/v1/me')).status).toBe(401);
});

test('whether an address has an account shows in no answer', async () => {
  const kim = await new Person(plane, 'kim@example.test').signUp();
  const known = await kim.send<Problem>('POST', '/v1/auth/sign-in/email', {
    email: kim.email,
    password: 'a wrong guess',
  });
  const unknown = await kim.send<Problem>('POST', '/v1/auth/sign-in/email', {
    email: 'nobody@example.test',
    password: 'a wrong guess',
  });
  const words = ({ status, body: { code, detail, title } }: typeof known) => ({ status, code, detail, title });
  expect(words(unknown)).toEqual(words(known));
  for (const path of ['email-otp/send-verification-otp', 'email-otp/request-password-reset']) {
    const [one, other] = [
      await kim.send('POST', `/v1/auth/${path}`, { email: kim.email }),
      await kim.send('POST', `/v1/auth/${path}`, { email: 'nobody@example.test' }),
    ];
    expect(other).toMatchObject({ status: one.status, body: one.body });
  }
});

test('guessing codes tells nobody whether an address has an account', async () => {
  const rob = await new Person(plane, 'rob@example.test').signUp();
  const guesses = async (email: string) => {
    await rob.ask('POST', '/v1/auth/email-otp/request-password-reset', { email });
    const seen: unknown[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const { status, body } = await rob.send<Problem>('POST', '/v1/auth/email-otp/reset-password', {
        email,
        otp: '000000',
        password: 'a new password',
      });
      seen.push({ status, code: body.code, detail: body.detail });
    }
    return seen;
  };
  expect(await guesses(rob.email)).toEqual(await guesses('nobody-either@example.test'));
});

test('bodies of the auth endpoints are checked field by field', async () => {
  const visitor = new Person(plane, 'visitor@example.test');
  const answer = await visitor.send<Problem>('POST', '/v1/auth/sign-up/email', {
    email: 'not an address',
    password: 'short',
    role: 'owner',
  });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: 'invalid_body', status: 400 });
  expect(answer.body.errors?.map(({ pointer }) => pointer).toSorted()).toEqual(['', '/email', '/password']);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
});

test('endpoints of the library that are not listed do not exist', async () => {
  const visitor = new Person(plane, 'visitor@example.test');
  for (const path of [
    'sign-in/social',
    'sign-in/email-otp',
    'delete-user',
    'update-user',
    'list-sessions',
    'email-otp/change-email',
    'ok',
    'error',
  ]) {
    for (const method of ['GET', 'POST']) {
      const answer = await visitor.send<Problem>(method, `/v1/auth/${path}`, method === 'POST' ? {} : undefined);
      expect(answer, `${method} ${path}`).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  }
});

test('a change that a page of another site asks for is refused', async () => {
  const lea = await new Person(plane, 'lea@example.test').signUp();
  const tenant = (slug: string) => ({ slug, title: 'Lea' });
  const ask = async (headers: Record<string, string>, slug: string) =>
    (await lea.send<Problem>('POST', '/v1/tenants', tenant(slug), headers)).status;
  expect(await ask({ origin: 'https://evil.example' }, 'lea-one')).toBe(403);
  expect(await ask({ 'sec-fetch-site': 'cross-site' }, 'lea-one')).toBe(403);
  expect(await ask({ origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }, 'lea-one')).toBe(403);
  expect(await ask({ origin: 'null' }, 'lea-one')).toBe(403);
  expect(await ask({ origin: 'http://evil.acme.localhost:3000' }, 'lea-one')).toBe(403);
  expect(await ask({ origin: 'http://acme.localhost:3000', 'x-forwarded-host': 'localhost:3000' }, 'lea-one')).toBe(
    403,
  );
  expect(
    await ask(
      { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin', 'x-forwarded-host': 'localhost:3000' },
      'lea-one',
    ),
  ).toBe(201);
  expect(
    await ask({ origin: 'http://acme.localhost:3000', 'x-forwarded-host': 'acme.localhost:3000' }, 'lea-two'),
  ).toBe(201);
});

test('neither codes nor passwords lie in the database in clear', async () => {
  const mia = new Person(plane, 'mia@example.test', 'the password of mia');
  await mia.ask('POST', '/v1/auth/sign-up/email', { email: mia.email, password: mia.password });
  const code = await mia.code();
  const client = createAuthPool(plane.postgresUrl, () => undefined);
  try {
    const { rows } = await client.query<{ text: string }>(
      'SELECT row_to_json(v)::text AS text FROM auth.verification v UNION ALL SELECT row_to_json(a)::text FROM auth.account a UNION ALL SELECT row_to_json(t)::text FROM auth.attempt t',
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { text } of rows) {
      expect(text).not.toMatch(new RegExp(`"value":"${code}`));
      expect(text).not.toContain(mia.password);
    }
  } finally {
    await client.end();
  }
});

test('counts of attempts that are long over are forgotten', async () => {
  const client = createAuthPool(plane.postgresUrl, () => undefined);
  try {
    await client.query(`INSERT INTO auth.attempt VALUES ('stale', 3, now() - interval '2 days'), ('fresh', 3, now())`);
    await new Person(plane, 'ute@example.test').send('POST', '/v1/auth/sign-in/email', {
      email: 'ute@example.test',
      password: 'a wrong guess',
    });
    const { rows } = await client.query(`SELECT key FROM auth.attempt WHERE key IN ('stale', 'fresh')`);
    expect(rows).toEqual([{ key: 'fresh' }]);
  } finally {
    await client.end();
  }
});

test('no password, code or session has been logged', async () => {
  const nia = await new Person(plane, 'nia@example.test', 'the password of nia').signUp();
  const log = plane.lines.join('\n');
  expect(log).toContain('/v1/auth/sign-up/email');
  for (const secret of [
    nia.password,
    nia.cookies.split('=')[1] ?? '',
    'a password for tests',
    'a wrong guess',
    'chosen by',
  ])
    expect(log).not.toContain(secret);
  const codes = plane.mail.messages().flatMap(({ text }) => /^ {4}(\d{6})$/m.exec(text)?.[1] ?? []);
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code) => holds(log, code))).toEqual([]);
});
