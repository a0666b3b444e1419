import { describe, expect, test } from 'vitest';
import type { Facts } from '../../decision.js';
import { subjectKey } from '../../subject-key.js';
import { ask, codesOf, compiledOf, documentWith, faultsOf, outcomeOf } from '../../testing/try-route.js';

const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
const users = [{ name: 'alice', password: hash, groups: ['staff'] }];
const compiled = compiledOf(documentWith([{ basic: { users } }]));
const sent = (text: string | Buffer): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});
const send = (text: string | Buffer, facts: Partial<Facts> = {}) =>
  ask(compiled, { request: { headers: sent(text) }, facts });

test('the password is asked for with the hash of its user', () => {
  expect(send('alice:se:cret')).toMatchObject({ kind: 'need', need: 'password', hash, password: 'se:cret' });
});

test('an unknown user costs the same question, and the answer is the same', () => {
  const asked = send('mallory:secret');
  const question = asked.kind === 'need' && asked.need === 'password' ? asked.hash : '';
  expect(question).not.toBe(hash);
  expect(question.split('$').slice(0, 5)).toEqual(hash.split('$').slice(0, 5));
  expect(question.length).toBe(hash.length);
  const unknown = send('mallory:secret', { password: () => 'right' });
  const wrong = send('alice:secret', { password: () => 'wrong' });
  expect(unknown).toEqual(wrong);
  expect([outcomeOf(wrong), codesOf(wrong).at(-1)]).toEqual(['credential_invalid', 'password_wrong']);
});

test('the right password goes on as its user, and the upstream does not see it', () => {
  expect(send('alice:secret', { password: () => 'right' })).toMatchObject({
    kind: 'forward',
    identity: { by: 'basic', subject: 'alice', issuer: 'basic:orders', groups: ['staff'] },
    request: { remove: ['authorization'] },
  });
});

test('what is no user and password is refused without a question', () => {
  const password = (): never => {
    throw new Error('asked');
  };
  for (const text of ['alice', 'alice:line\nbreak', Buffer.from([0xff, 0x3a, 0x61])])
    expect(outcomeOf(send(text, { password }))).toBe('credential_invalid');
  const headers = { authorization: 'Basic a b' };
  expect(outcomeOf(ask(compiled, { request: { headers }, facts: { password } }))).toBe('credential_invalid');
  expect(outcomeOf(ask(compiled, { request: { headers: { authorization: 'Bearer x' } } }))).toBe('credential_missing');
});

test('a password that cannot be checked now is not the fault of the caller', () => {
  expect(send('alice:secret', { password: () => 'busy' })).toMatchObject({ status: 503, code: 'identity_busy' });
});

test('a user stands for a subscription, where that is asked for', () => {
  const required = compiledOf(documentWith([{ basic: { users, subscription: 'required', realm: 'staff' } }]));
  const facts: Partial<Facts> = {
    password: () => 'right',
    credential: (key) =>
      key === subjectKey('basic:staff', 'alice')
        ? { id: 'key_1', subscriptionId: 'sub_1', isRevoked: false }
        : undefined,
    subscription: (id) => ({ id, applicationId: 'app_1', plan: 'free', state: 'active', revision: 1 }),
  };
  const decision = ask(required, { request: { headers: sent('alice:secret') }, facts });
  expect(decision.account).toMatchObject({ credentialId: 'key_1', subscriptionId: 'sub_1', plan: 'free' });
});

describe('a hash is refused at validation, with its place and a remedy', () => {
  test.each([
    ['plain text', 'secret'],
    ['bcrypt', '$2b$10$abcdefghijklmnopqrstuuH5nYp1G0F1tG8fkq8r8oY3Gk2o1x5bO'],
    ['argon2i', hash.replace('argon2id', 'argon2i')],
    ['without a salt', '$argon2id$v=19$m=19456,t=2,p=1$$aGFzaGhhc2hoYXNoaGFzaA'],
    ['too much memory', hash.replace('m=19456', 'm=1048576')],
    ['too many passes', hash.replace('t=2', 't=100')],
    ['no memory', hash.replace('m=19456', 'm=1')],
    ['a scrypt of a gigabyte', '$scrypt$ln=20,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaA'],
  ])('%s', (_, password) => {
    const faults = faultsOf([{ basic: { users: [{ name: 'alice', password }] } }]);
    expect(faults.map(({ at }) => at)).toEqual(['/0/basic/users/0/password']);
    expect(faults[0]?.fix).toContain('PHC');
    expect(JSON.stringify(faults)).not.toContain('secret');
  });

  test('a user that is there twice', () => {
    expect(faultsOf([{ basic: { users: [...users, ...users] } }])).toMatchObject([{ at: '/0/basic/users/1/name' }]);
  });
});
