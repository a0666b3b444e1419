import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyOfText } from './key-text.js';
import { Keyring, type SealedFor } from './keyring.js';

const place: SealedFor = { tenantId: 'ten_1', environmentId: 'env_1', name: 'hmac', version: 3 };
const [older, newer] = [randomBytes(32), randomBytes(32)];

test.each(['x', 'a secret', '{"json":"\\u0000"}', 'ünïcödé \u{1F511}', 'line\nend\r\n', '\0', 'x'.repeat(16_384)])(
  'what was sealed opens as it was',
  (value) => {
    const keyring = new Keyring([newer]);
    expect(keyring.open(place, keyring.seal(place, value))).toBe(value);
  },
);

test('one value sealed twice looks different, and shows nothing of itself', () => {
  const keyring = new Keyring([newer]);
  const [one, other] = [keyring.seal(place, 'planted-value'), keyring.seal(place, 'planted-value')];
  expect(Buffer.from(one.sealed).equals(Buffer.from(other.sealed))).toBe(false);
  expect(Buffer.from(one.sealed).toString('latin1')).not.toContain('planted');
});

describe('a row that was moved or touched does not open', () => {
  const keyring = new Keyring([newer]);
  const sealed = keyring.seal(place, 'planted-value');
  test.each<[string, Partial<SealedFor>]>([
    ['to another tenant', { tenantId: 'ten_2' }],
    ['to another environment', { environmentId: 'env_2' }],
    ['to another name', { name: 'other' }],
    ['to another version', { version: 2 }],
  ])('%s', (_, other) => {
    expect(keyring.open({ ...place, ...other }, sealed)).toBeUndefined();
  });

  test('at any byte', () => {
    for (let at = 0; at < sealed.sealed.length; at += 1) {
      const touched = Uint8Array.from(sealed.sealed);
      touched[at] = (touched[at] ?? 0) ^ 1;
      expect(keyring.open(place, { ...sealed, sealed: touched }), `byte ${at}`).toBeUndefined();
      expect(keyring.open(place, { ...sealed, sealed: sealed.sealed.subarray(0, at) })).toBeUndefined();
    }
  });
});

test('the first key seals, the others open, and one that is not there opens nothing', () => {
  const before = new Keyring([older]).seal(place, 'planted-value');
  const rotated = new Keyring([newer, older]);
  expect(rotated.open(place, before)).toBe('planted-value');
  expect(rotated.olderKeyIds).toEqual([before.keyId]);
  expect(rotated.seal(place, 'x').keyId).toBe(rotated.currentKeyId);
  expect(new Keyring([newer]).open(place, before)).toBeUndefined();
});

test('a key is 32 bytes, in base64, base64url or hex', () => {
  for (const encoding of ['base64', 'base64url', 'hex'] as const)
    expect(keyOfText(newer.toString(encoding))).toEqual(newer);
  for (const text of [
    '',
    'password',
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('base64'),
    `${newer.toString('hex')}0`,
  ])
    expect(keyOfText(text)).toBeUndefined();
});
