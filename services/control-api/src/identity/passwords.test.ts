import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './passwords.js';

test('a password verifies against its own hash and no other does', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword({ hash, password: 'correct horse' })).toBe(true);
  expect(await verifyPassword({ hash, password: 'correct horsf' })).toBe(false);
});

test('one password hashed twice gives two hashes', async () => {
  expect(await hashPassword('correct horse')).not.toBe(await hashPassword('correct horse'));
});

test('a password verifies however the keyboard composed its letters', async () => {
  expect(await verifyPassword({ hash: await hashPassword('caf\u00e9 au lait'), password: 'cafe\u0301 au lait' })).toBe(
    true,
  );
});

test('a hash that is not ours verifies nothing', async () => {
  expect(await verifyPassword({ hash: 'plain', password: 'plain' })).toBe(false);
});
