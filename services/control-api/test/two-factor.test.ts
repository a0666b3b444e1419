// The second step of signing in: against the built process, a real Postgres and a real mail server.
import { createHmac } from 'node:crypto';
import type { AuditEntry, Me, Page, Problem, SignInAnswer, TwoFactor, TwoFactorEnrolment } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Authenticator, enrol, fromBase32 } from './support/authenticator.js';
import { authSecret, startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Person, type Answer } from './support/person.js';
import { connectSuperuser } from './support/superuser.js';

const operator = 'operator@platform.test';
let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane({ env: { OPERATORS: operator } });
});
afterAll(async () => {
  await plane.stop();
});

const newPerson = async (name: string): Promise<Person> => new Person(plane, `${name}@factor.test`).signUp();
const visitorOf = ({ email, password }: Person): Person => new Person(plane, email, password);
const sendCode = async (person: Person, code: string): Promise<Answer<Problem>> =>
  person.send<Problem>('POST', '/v1/auth/two-factor/verify-totp', { code });
const sendBackupCode = async (person: Person, code: string): Promise<Answer<Problem>> =>
  person.send<Problem>('POST', '/v1/auth/two-factor/verify-backup-code', { code });

/** Somewhere else, as far as the password goes. */
async function halfIn(person: Person): Promise<Person> {
  const visitor = visitorOf(person);
  const { email, password } = person;
  const answer = await visitor.ask<SignInAnswer>('POST', '/v1/auth/sign-in/email', { email, password });
  expect(answer).toEqual({ secondStep: 'required' });
  return visitor;
}

const statusesOf = (answers: readonly Answer[]): number[] =>
  answers.map(({ status }) => status).toSorted((one, other) => one - other);
const isIn = async (person: Person): Promise<boolean> => (await person.send('GET', '/v1/me')).status === 200;
const mailed = async (person: Person, subject: string): Promise<string> =>
  waitFor(() => plane.mail.messages(person.email).find((mail) => mail.subject === subject)?.text, {
    what: `a mail comes: ${subject}`,
  });

test('two-factor is on once a code of the app has come back, and every other session ends', async () => {
  const ada = await newPerson('ada');
  const elsewhere = visitorOf(ada);
  await elsewhere.ask('POST', '/v1/auth/sign-in/email', { email: ada.email, password: ada.password });
  const enrolment = await ada.ask<TwoFactorEnrolment>('POST', '/v1/auth/two-factor/enable', {
    password: ada.password,
  });
  expect(enrolment.uri).toMatch(/^otpauth:\/\/totp\/Sluice:ada%40factor\.test\?secret=[A-Z2-7]{52}&/);
  expect(enrolment.uri).toContain(enrolment.secret);
  expect(new Set(enrolment.backupCodes).size).toBe(10);
  expect(await ada.ask<TwoFactor>('GET', '/v1/me/two-factor')).toEqual({ isOn: false, backupCodesLeft: 0 });
  expect(await isIn(elsewhere)).toBe(true);
  const app = new Authenticator(enrolment.secret);
  expect(await sendCode(ada, app.wrong())).toMatchObject({ status: 400, body: { code: 'wrong_code' } });
  expect(await sendCode(ada, app.next())).toMatchObject({ status: 200, body: { user: { email: ada.email } } });
  expect(await ada.ask<TwoFactor>('GET', '/v1/me/two-factor')).toEqual({ isOn: true, backupCodesLeft: 10 });
  expect(await isIn(elsewhere)).toBe(false);
  await mailed(ada, 'Two-factor is on');
  const again = await ada.send<Problem>('POST', '/v1/auth/two-factor/enable', { password: ada.password });
  expect(again).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
});

test('the password alone is half a sign-in, which opens nothing, and a code of the app is the other half', async () => {
  const ben = await newPerson('ben');
  const { app } = await enrol(ben);
  const visitor = await halfIn(ben);
  expect(await isIn(visitor)).toBe(false);
  for (const [path, body] of [
    ['change-password', { currentPassword: ben.password, newPassword: 'another password' }],
    ['two-factor/disable', { password: ben.password }],
    ['two-factor/enable', { password: ben.password }],
    ['two-factor/generate-backup-codes', { password: ben.password }],
  ] as const) {
    const refused = await visitor.send<Problem>('POST', `/v1/auth/${path}`, body);
    expect(refused, path).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  }
  const answer = await sendCode(visitor, app.next());
  expect(answer).toMatchObject({ status: 200, body: { user: { email: ben.email } } });
  expect(JSON.stringify(answer.body)).not.toContain('token');
  expect(await isIn(visitor)).toBe(true);
});

test('a code without half a sign-in is asked to begin with the password', async () => {
  const stranger = new Person(plane, 'stranger@factor.test');
  for (const answer of [await sendCode(stranger, '123456'), await sendBackupCode(stranger, 'aaaa-aaaa-aaaa')])
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
});

test('a code of the app signs in once, also when it is sent twice at the same time', async () => {
  const cleo = await newPerson('cleo');
  const { app } = await enrol(cleo);
  const visitors = [await halfIn(cleo), await halfIn(cleo), await halfIn(cleo)];
  const code = app.next();
  const answers = await Promise.all(visitors.map(async (visitor) => sendCode(visitor, code)));
  expect(statusesOf(answers)).toEqual([200, 400, 400]);
  expect(await sendCode(await halfIn(cleo), code)).toMatchObject({ status: 400, body: { code: 'wrong_code' } });
});

test('the code that switched two-factor on does not sign in as well', async () => {
  const dan = await newPerson('dan');
  const { secret } = await dan.ask<TwoFactorEnrolment>('POST', '/v1/auth/two-factor/enable', {
    password: dan.password,
  });
  const code = new Authenticator(secret).next();
  expect((await sendCode(dan, code)).status).toBe(200);
  expect(await sendCode(await halfIn(dan), code)).toMatchObject({ status: 400, body: { code: 'wrong_code' } });
});

test('of fourteen wrong codes at once ten are tried; then the right one waits too, and the person is told', async () => {
  const eve = await newPerson('eve');
  const { app, backupCodes } = await enrol(eve);
  const visitors: Person[] = [];
  for (let n = 0; n < 14; n += 1) visitors.push(await halfIn(eve));
  const answers = await Promise.all(visitors.map(async (visitor, n) => sendCode(visitor, app.wrong(n))));
  const codes = answers.map(({ body }) => body.code);
  expect(codes.filter((code) => code === 'wrong_code')).toHaveLength(10);
  expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(4);
  // The right password has been given since: it does not buy more tries.
  const late = await halfIn(eve);
  for (const answer of [await sendCode(late, app.next()), await sendBackupCode(late, backupCodes[0] ?? '')])
    expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
  expect(await mailed(eve, 'Somebody has your password')).toContain('/reset');
});

test('a right code gives the wrong ones before it back', async () => {
  const fay = await newPerson('fay');
  const { app, backupCodes } = await enrol(fay);
  for (let round = 0; round < 3; round += 1) {
    const visitor = await halfIn(fay);
    for (let n = 0; n < 4; n += 1) expect((await sendCode(visitor, app.wrong(4 * round + n))).status).toBe(400);
    expect((await sendBackupCode(visitor, backupCodes[round] ?? '')).status).toBe(200);
  }
});

test('a backup code signs in once, however it was typed, and the person is told', async () => {
  const gus = await newPerson('gus');
  const { backupCodes } = await enrol(gus);
  const [first = '', second = ''] = backupCodes;
  expect((await sendBackupCode(await halfIn(gus), ` ${first.toUpperCase().replaceAll('-', ' ')}`)).status).toBe(200);
  const used = await sendBackupCode(await halfIn(gus), first);
  expect(used).toMatchObject({ status: 400, body: { code: 'wrong_code', errors: [{ pointer: '/code' }] } });
  const visitors = [await halfIn(gus), await halfIn(gus)];
  const twice = await Promise.all(visitors.map(async (visitor) => sendBackupCode(visitor, second)));
  expect(statusesOf(twice)).toEqual([200, 400]);
  expect(await gus.ask<TwoFactor>('GET', '/v1/me/two-factor')).toEqual({ isOn: true, backupCodesLeft: 8 });
  await mailed(gus, 'A backup code was used');
});

test('new backup codes take the password, and end the old ones', async () => {
  const hal = await newPerson('hal');
  const enrolled = await enrol(hal);
  const path = '/v1/auth/two-factor/generate-backup-codes';
  const wrong = await hal.send<Problem>('POST', path, { password: 'not this one' });
  expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } });
  const { backupCodes } = await hal.ask<{ backupCodes: string[] }>('POST', path, { password: hal.password });
  expect((await sendBackupCode(await halfIn(hal), enrolled.backupCodes[0] ?? '')).status).toBe(400);
  expect((await sendBackupCode(await halfIn(hal), backupCodes[0] ?? '')).status).toBe(200);
});

test('switching it off takes the password, and then the password alone signs in', async () => {
  const ivy = await newPerson('ivy');
  await enrol(ivy);
  const off = async (password: string) => ivy.send<Problem>('POST', '/v1/auth/two-factor/disable', { password });
  expect(await off('not this one')).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } });
  await halfIn(ivy);
  expect((await off(ivy.password)).status).toBe(200);
  expect(await isIn(ivy)).toBe(true);
  const visitor = visitorOf(ivy);
  await visitor.ask('POST', '/v1/auth/sign-in/email', { email: ivy.email, password: ivy.password });
  expect(await isIn(visitor)).toBe(true);
  await mailed(ivy, 'Two-factor is off');
});

test('ten wrong passwords in a session are the most, also for the account whose session it is', async () => {
  const joy = await newPerson('joy');
  const answers = await Promise.all(
    Array.from({ length: 14 }, async () =>
      joy.send<Problem>('POST', '/v1/auth/two-factor/enable', { password: 'a wrong guess' }),
    ),
  );
  expect(answers.filter(({ body }) => body.code === 'wrong_credentials')).toHaveLength(10);
  expect(answers.filter(({ body }) => body.code === 'too_many_attempts')).toHaveLength(4);
});

test('a new password set by mail does not replace the second step', async () => {
  const kim = await newPerson('kim');
  await enrol(kim);
  await kim.ask('POST', '/v1/auth/email-otp/request-password-reset', { email: kim.email });
  await mailed(kim, `${await resetCodeOf(kim)} is your code`);
  await kim.ask('POST', '/v1/auth/email-otp/reset-password', {
    email: kim.email,
    otp: await resetCodeOf(kim),
    password: 'the new password',
  });
  expect(await isIn(kim)).toBe(false);
  await halfIn(new Person(plane, kim.email, 'the new password'));
});

test('a code mailed to confirm an address signs nobody in past the second step', async () => {
  const lea = await newPerson('lea');
  await enrol(lea);
  const signUpCode = await lea.code();
  // In the browser that signed up, whose cookie says so.
  await lea.ask('POST', '/v1/auth/sign-out', {});
  await lea.ask('POST', '/v1/auth/email-otp/send-verification-otp', { email: lea.email });
  const otp = await waitFor(
    () =>
      plane.mail
        .messages(lea.email)
        .map(({ text }) => /^ {4}(\d{6})$/m.exec(text)?.[1])
        .find((code) => code !== undefined && code !== signUpCode),
    { what: 'another code comes' },
  );
  const answer = await lea.send<Problem>('POST', '/v1/auth/email-otp/verify-email', { email: lea.email, otp });
  expect(answer).toMatchObject({ status: 400, body: { code: 'wrong_code' } });
  expect(await isIn(lea)).toBe(false);
});

test('no device can be trusted to skip the second step', async () => {
  const mia = await newPerson('mia');
  const { app } = await enrol(mia);
  const visitor = await halfIn(mia);
  const body = { code: app.next(), trustDevice: true };
  const answer = await visitor.send<Problem>('POST', '/v1/auth/two-factor/verify-totp', body);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
});

test('endpoints of the plugin that are not listed do not exist', async () => {
  const ned = await newPerson('ned');
  for (const path of ['get-totp-uri', 'send-otp', 'verify-otp', 'view-backup-codes']) {
    const answer = await ned.send<Problem>('POST', `/v1/auth/two-factor/${path}`, { password: ned.password });
    expect(answer, path).toMatchObject({ status: 404, body: { code: 'not_found' } });
  }
});

test('a stolen copy of the tables gives no code, no backup code and no session, not even with AUTH_SECRET', async () => {
  const ola = await newPerson('ola');
  const { secret, backupCodes } = await enrol(ola);
  const half = await halfIn(ola);
  const superuser = await connectSuperuser(plane.postgresUrl);
  const tables = JSON.stringify([...(await superuser.dump())]);
  const sessions = await superuser.query<{ token: string }>(
    'SELECT s.token FROM auth.session s JOIN auth.identity i ON i.id = s.user_id WHERE i.email = $1',
    [ola.email],
  );
  await superuser.end();
  const key = fromBase32(secret).toString();
  for (const text of [secret, key, ...backupCodes, ...backupCodes.map((code) => code.replaceAll('-', ''))])
    expect(tables).not.toContain(text);
  for (const cookies of [ola.cookies, half.cookies])
    for (const pair of cookies.split('; ').filter((one) => one.includes('session_token')))
      expect(tables).not.toContain(decodeURIComponent(pair.slice(pair.indexOf('=') + 1)).split('.')[0]);
  expect(sessions).toHaveLength(1);
  for (const { token } of sessions) {
    const signature = createHmac('sha256', authSecret).update(token).digest('base64');
    const cookie = `sluice.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
    expect((await fetch(`${plane.url}/v1/me`, { headers: { cookie } })).status).toBe(401);
  }
  // The cookie of this very session, made the same way, is one that works: so the forgery above was well made.
  const own = decodeURIComponent(/session_token=(?<value>[^;]+)/.exec(ola.cookies)?.groups?.['value'] ?? '');
  const at = own.indexOf('.');
  expect(createHmac('sha256', authSecret).update(own.slice(0, at)).digest('base64')).toBe(own.slice(at + 1));
});

test('a tenant reads in its log when a member switched it on, signed in with it, and switched it off', async () => {
  const pia = await newPerson('pia');
  await pia.ask('POST', '/v1/tenants', { slug: 'pia', title: 'Pia' });
  const { app } = await enrol(pia);
  const visitor = await halfIn(pia);
  expect((await sendCode(visitor, app.next())).status).toBe(200);
  await visitor.ask('POST', '/v1/auth/two-factor/disable', { password: pia.password });
  const { items } = await visitor.ask<Page<AuditEntry>>('GET', '/v1/tenants/pia/audit-log?limit=5');
  expect(items.map(({ action }) => action).slice(0, 4)).toEqual([
    'authTwoFactorDisable',
    'authTwoFactorVerifyTotp',
    'two_factor_on',
    'authTwoFactorEnable',
  ]);
});

test('an operator takes it off only in sight of the person and of the tenants', async () => {
  const rob = await newPerson('rob');
  await rob.ask('POST', '/v1/tenants', { slug: 'rob', title: 'Rob' });
  await enrol(rob);
  const path = '/v1/operator/two-factor-removals';
  const body = { email: rob.email, reason: 'showed a passport in a call' };
  expect(await rob.send('POST', path, body)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  const support = await new Person(plane, operator).signUp();
  const unknown = await support.send('POST', path, { ...body, email: 'nobody@factor.test' });
  expect(unknown).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect((await support.send('POST', path, body)).status).toBe(204);
  expect(await isIn(rob)).toBe(false);
  expect(await mailed(rob, 'Two-factor was taken off your account')).toContain(body.reason);
  await rob.ask('POST', '/v1/auth/sign-in/email', { email: rob.email, password: rob.password });
  const { items } = await rob.ask<Page<AuditEntry>>('GET', '/v1/tenants/rob/audit-log?action=twoFactor_remove');
  expect(items.map(({ content }) => content)).toMatchObject([
    { actor: { kind: 'operator', email: operator }, changes: [{ object: 'member', after: { reason: body.reason } }] },
  ]);
});

test('a session that ends while its code is tried leaves no half a sign-in to be tried in its place', async () => {
  const [sam, thief] = [await newPerson('sam'), await newPerson('thief')];
  const { app } = await enrol(sam);
  const half = await halfIn(sam);
  const superuser = await connectSuperuser(plane.postgresUrl);
  const { id } = await thief.ask<Me>('GET', '/v1/me');
  try {
    // After the request's account was told from its session, and before the library looks for itself.
    await superuser.query(`CREATE FUNCTION auth.end_session() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN DELETE FROM auth.session WHERE user_id = '${id}'; RETURN NULL; END $$`);
    await superuser.query(
      'CREATE TRIGGER end_session AFTER INSERT OR UPDATE ON auth.attempt FOR EACH ROW EXECUTE FUNCTION auth.end_session()',
    );
    const cookie = `${thief.cookies}; ${half.cookies}`;
    const path = '/v1/auth/two-factor/verify-totp';
    const answer = await thief.send<Problem>('POST', path, { code: app.next() }, { cookie });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  } finally {
    await superuser.query('DROP FUNCTION IF EXISTS auth.end_session() CASCADE');
    await superuser.end();
  }
});

async function resetCodeOf(person: Person): Promise<string> {
  return waitFor(
    () =>
      plane.mail
        .messages(person.email)
        .find(({ text }) => text.includes('to set a new password:'))
        ?.subject.slice(0, 6),
    { what: 'the code for a new password comes' },
  );
}
