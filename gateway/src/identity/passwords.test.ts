import { spawnSync } from 'node:child_process';
import { argon2Sync, randomBytes, scryptSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { readPasswordHash } from './password-hash.js';
import { TryClock } from './try-clock.js';
import { tryRoom } from './try-room.js';

const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

function argon2Hash(password: string, memory = 64, passes = 1): string {
  const nonce = randomBytes(16);
  const key = argon2Sync('argon2id', { message: password, nonce, parallelism: 1, tagLength: 32, memory, passes });
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${b64(nonce)}$${b64(key)}`;
}

function scryptHash(password: string): string {
  const salt = randomBytes(16);
  return `$scrypt$ln=4,r=8,p=1$${b64(salt)}$${b64(scryptSync(password, salt, 32, { N: 16, r: 8, p: 1 }))}`;
}

// Made by the reference implementation's command line: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1
const byReference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

test('a hash that `npm run hash-password` prints is of the password that it read', async () => {
  const script = fileURLToPath(new URL('../../../scripts/hash-password.mjs', import.meta.url));
  const { stdout } = spawnSync(process.execPath, [script], { input: 'correct horse\n', encoding: 'utf8' });
  expect(await readPasswordHash(stdout.trim())?.isOf('correct horse')).toBe(true);
});

test('right and wrong passwords are told apart, for both kinds of hash', async () => {
  const { threads, close } = tryRoom();
  onTestFinished(close);
  const [checks] = threads;
  for (const hash of [argon2Hash('horse'), scryptHash('horse')]) {
    expect(await checks?.checkPassword('one', hash, 'horse')).toBe('right');
    expect(await checks?.checkPassword('one', hash, 'Horse')).toBe('wrong');
    expect(await checks?.checkPassword('one', hash, '')).toBe('wrong');
  }
  expect(await readPasswordHash(byReference)?.isOf('password')).toBe(true);
});

test('a right password is known for five minutes to its own tenant, and a wrong one never', async () => {
  const clock = new TryClock();
  const { threads, close, count } = tryRoom({ clock });
  onTestFinished(close);
  const [checks] = threads;
  const hash = argon2Hash('horse');
  await checks?.checkPassword('one', hash, 'horse');
  await checks?.checkPassword('one', hash, 'cow');
  expect(checks?.knownPassword('one', hash, 'horse')).toBe('right');
  expect(checks?.knownPassword('one', hash, 'cow')).toBeUndefined();
  expect(checks?.knownPassword('two', hash, 'horse')).toBeUndefined();
  expect(checks?.knownPassword('one', argon2Hash('horse'), 'horse')).toBeUndefined();
  clock.pass(300_000);
  expect(checks?.knownPassword('one', hash, 'horse')).toBeUndefined();
  expect([count('passwordRight'), count('passwordWrong')]).toEqual([1, 1]);
});

test('a right password is checked once for all threads of a gateway', async () => {
  const { threads, close, count } = tryRoom({ threads: 4 });
  onTestFinished(close);
  const hash = argon2Hash('horse');
  const ask = async (): Promise<unknown> =>
    Promise.all(threads.map(async (one) => one.checkPassword('one', hash, 'horse')));
  expect([await ask(), await ask()]).toEqual([threads.map(() => 'right'), threads.map(() => 'right')]);
  expect(count('passwordRight')).toBe(1);
});

test('a tenant that guesses uses its own share up, and another still signs in', async () => {
  const { threads, close } = tryRoom({ share: { msPerSecond: 1e-6, burstMs: 1 } });
  onTestFinished(close);
  const [checks] = threads;
  const hash = argon2Hash('horse', 256);
  const guesses = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => checks?.checkPassword('guesser', hash, `guess ${n}`)),
  );
  expect(new Set(guesses)).toEqual(new Set(['wrong', 'busy']));
  expect(guesses.filter((fact) => fact === 'wrong').length).toBe(4); // what 1 ms pays for, of 0.3 ms each
  expect(await checks?.checkPassword('other', hash, 'horse')).toBe('right');
});

test('what is no hash, or asks for more than a gateway gives, opens nothing', async () => {
  const tail = `$${b64(randomBytes(16))}$${b64(randomBytes(32))}`;
  for (const hash of [
    '',
    'horse',
    '$2b$10$abcdefghijklmnopqrstuu',
    `$argon2i$v=19$m=64,t=1,p=1${tail}`,
    `$argon2id$v=16$m=64,t=1,p=1${tail}`,
    `$argon2id$v=19$m=1048576,t=1,p=1${tail}`,
    `$argon2id$v=19$m=262144,t=99,p=1${tail}`,
    `$argon2id$v=19$m=64,t=0,p=1${tail}`,
    `$scrypt$ln=31,r=8,p=1${tail}`,
    `$scrypt$ln=17,r=8,p=99${tail}`,
    '$scrypt$ln=4,r=8,p=1$c2FsdA$',
  ])
    expect([hash, readPasswordHash(hash)]).toEqual([hash, undefined]);
});
