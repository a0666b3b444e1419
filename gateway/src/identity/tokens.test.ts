// Tokens from a thread's question to its answer: real ports, real keys, a real issuer.
import { createHmac, createPublicKey } from 'node:crypto';
import type { KeySource, SigningAlgorithm } from '@sluice/engine';
import { exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import type { CryptoKey } from 'jose';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { TryClock } from './try-clock.js';
import { forged, Issuer, issuerKey, tokenOf } from './try-issuer.js';
import type { TriedRoom, TryRoomOptions } from './try-room.js';
import { questionOf, tryRoom } from './try-room.js';

let issuer: Issuer;
beforeEach(async () => {
  issuer = await Issuer.start();
  issuer.keys = [await issuerKey('a')];
});
afterEach(async () => issuer.stop());

const good = { state: 'good' };
const badSignature = { state: 'bad', fault: 'signature' };
const unknownKid = { state: 'bad', fault: 'kid_unknown' };
const jwks = (): KeySource => ({ from: 'jwks', id: 'one', url: issuer.jwks });

function room(options: TryRoomOptions = {}): TriedRoom {
  const tried = tryRoom(options);
  onTestFinished(tried.close);
  return tried;
}

function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new Error('the list is empty');
  return item;
}

describe('signatures', () => {
  test.each(['RS256', 'RS512', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
    'a token by %s is good, and bad with one letter changed',
    async (algorithm) => {
      const { threads } = room();
      const key = await issuerKey('a', algorithm);
      issuer.keys = [key];
      const token = await tokenOf(key);
      expect(await first(threads).checkToken('one', questionOf(token, jwks(), algorithm))).toEqual(good);
      expect(await first(threads).checkToken('one', questionOf(forged(token), jwks(), algorithm))).toEqual(
        badSignature,
      );
    },
  );

  test('discovery finds the keys of an issuer, and refuses those of another', async () => {
    const { threads } = room();
    const token = await tokenOf(first(issuer.keys));
    const ask = async (address: string): Promise<unknown> =>
      first(threads).checkToken('one', questionOf(token, { from: 'discovery', id: address, issuer: address }));
    expect(await ask(issuer.url)).toEqual(good);
    // The same server by another name: what it says of itself is not what was asked for.
    expect(await ask(issuer.url.replace('127.0.0.1', 'localhost'))).toEqual({ state: 'unavailable', fault: 'keys' });
  });

  test('keys of the document verify: as JWK, as PEM, as a secret', async () => {
    const { threads } = room();
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const pem = await exportSPKI(publicKey);
    const jwk = createPublicKey(pem).export({ format: 'jwk' }) as Record<string, unknown>;
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: 'x' }).sign(privateKey);
    const secret = Buffer.alloc(32, 7);
    const byHmac = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    const oct = { kty: 'oct', k: secret.toString('base64url') };
    const of = (key: Extract<KeySource, { from: 'static' }>['keys'][number]): KeySource => ({
      from: 'static',
      id: 'one',
      keys: [key],
    });
    const ask = async (text: string, keys: KeySource, algorithm: SigningAlgorithm): Promise<unknown> =>
      first(threads).checkToken('one', questionOf(text, keys, algorithm));
    expect(await ask(token, of({ kid: undefined, pem }), 'RS256')).toEqual(good);
    expect(await ask(token, of({ kid: 'x', jwk }), 'RS256')).toEqual(good);
    expect(await ask(token, of({ kid: 'y', jwk }), 'RS256')).toEqual(unknownKid);
    expect(await ask(byHmac, of({ kid: undefined, jwk: oct }), 'HS256')).toEqual(good);
    expect(await ask(forged(byHmac), of({ kid: undefined, jwk: oct }), 'HS256')).toEqual(badSignature);
  });

  test('a public key never becomes the secret of an HMAC, nor a fetched secret a key', async () => {
    const { threads } = room();
    const rsa = await issuerKey('a', 'RS256');
    const publicKey = (await importJWK({ ...rsa.jwk, alg: 'RS256' }, 'RS256')) as CryptoKey;
    const pem = await exportSPKI(publicKey);
    const head = Buffer.from(JSON.stringify({ alg: 'HS256', kid: 'a' })).toString('base64url');
    const body = Buffer.from(JSON.stringify({ sub: 'admin' })).toString('base64url');
    const signed = (secret: string | Buffer): string =>
      `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`;
    issuer.keys = [rsa];
    const stated: KeySource = { from: 'static', id: 'one', keys: [{ kid: 'a', pem }] };
    for (const secret of [pem, pem.trim(), Buffer.from(rsa.jwk.n ?? '', 'base64url')]) {
      for (const keys of [jwks(), stated])
        for (const algorithm of ['HS256', 'RS256'] as const)
          expect(await first(threads).checkToken('one', questionOf(signed(secret), keys, algorithm))).toEqual(
            badSignature,
          );
    }
    issuer.keys = [{ ...rsa, jwk: { kty: 'oct', kid: 'a', k: Buffer.alloc(32, 1).toString('base64url') } }];
    const other: KeySource = { from: 'jwks', id: 'two', url: `${issuer.jwks}?two` };
    expect(await first(threads).checkToken('one', questionOf(signed(Buffer.alloc(32, 1)), other, 'HS256'))).toEqual(
      unknownKid,
    );
  });

  test('an algorithm other than the one that was asked about is refused, and so is a critical extension', async () => {
    const { threads } = room();
    const key = await issuerKey('a', 'RS256');
    const { alg: _, ...anyAlgorithm } = key.jwk;
    issuer.keys = [{ ...key, jwk: anyAlgorithm }];
    const token = await tokenOf(key);
    expect(await first(threads).checkToken('one', questionOf(token, jwks(), 'RS512'))).toEqual(badSignature);
    const critical = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid: 'a', crit: ['b64'], b64: true })
      .sign(key.privateKey);
    expect(await first(threads).checkToken('one', questionOf(critical, jwks(), 'RS256'))).toEqual(badSignature);
  });

  test('a key for encryption, or an RSA key that is too short, verifies nothing', async () => {
    const { threads } = room();
    const key = await issuerKey('a', 'RS256');
    issuer.keys = [{ ...key, jwk: { ...key.jwk, use: 'enc' } }];
    expect(await first(threads).checkToken('one', questionOf(await tokenOf(key), jwks(), 'RS256'))).toEqual(unknownKid);
  });
});

describe('what was found out', () => {
  test('a good token is known at once the next time, to its own tenant and source alone', async () => {
    const { threads, count } = room();
    const checks = first(threads);
    const question = questionOf(await tokenOf(first(issuer.keys)), jwks());
    expect(checks.knownToken('one', question)).toBeUndefined();
    expect(await checks.checkToken('one', question)).toEqual(good);
    expect(checks.knownToken('one', question)).toEqual(good);
    expect(checks.knownToken('two', question)).toBeUndefined();
    const elsewhere = { ...question, keys: { from: 'jwks', id: 'one', url: `${issuer.jwks}?two` } as const };
    expect(checks.knownToken('one', elsewhere)).toBeUndefined();
    expect(checks.knownToken('one', { ...question, token: forged(question.token) })).toBeUndefined();
    expect(count('tokenGood')).toBe(1);
  });

  test('a bad token is known for ten seconds, a good one for five minutes', async () => {
    const clock = new TryClock();
    const { threads } = room({ clock });
    const checks = first(threads);
    const question = questionOf(await tokenOf(first(issuer.keys)), jwks());
    const bad = { ...question, token: forged(question.token) };
    await checks.checkToken('one', question);
    await checks.checkToken('one', bad);
    clock.pass(9999);
    expect(checks.knownToken('one', bad)).toEqual(badSignature);
    clock.pass(1);
    expect(checks.knownToken('one', bad)).toBeUndefined();
    clock.pass(289_999);
    expect(checks.knownToken('one', question)).toEqual(good);
    clock.pass(1);
    expect(checks.knownToken('one', question)).toBeUndefined();
  });

  test('a hundred requests with one token are one signature', async () => {
    const { threads, count } = room();
    const question = questionOf(await tokenOf(first(issuer.keys)), jwks());
    const facts = await Promise.all(
      Array.from({ length: 100 }, async () => first(threads).checkToken('one', question)),
    );
    expect(facts).toEqual(Array.from({ length: 100 }, () => good));
    expect(count('tokenGood')).toBe(1);
  });

  test('when an issuer takes a key away, every thread forgets the tokens that it had signed', async () => {
    const { threads } = room({ threads: 2 });
    const [old] = issuer.keys;
    const next = await issuerKey('b');
    if (old === undefined) return;
    const question = questionOf(await tokenOf(old), jwks());
    for (const thread of threads) expect(await thread.checkToken('one', question)).toEqual(good);
    issuer.keys = [next];
    expect(await first(threads).checkToken('one', questionOf(await tokenOf(next), jwks()))).toEqual(good);
    for (const thread of threads) {
      // The word that keys have changed comes before any answer that is asked for after it.
      await thread.checkToken('one', questionOf(await tokenOf(next, { n: 1 }), jwks()));
      expect(thread.knownToken('one', question)).toBeUndefined();
      expect(await thread.checkToken('one', question)).toEqual(unknownKid);
    }
  });
});

describe('key sets', () => {
  test('threads share one fetch and one signature', async () => {
    const { threads, count } = room({ threads: 4 });
    const question = questionOf(await tokenOf(first(issuer.keys)), jwks());
    const facts = await Promise.all(threads.map(async (thread) => thread.checkToken('one', question)));
    expect(facts).toEqual(threads.map(() => good));
    expect([issuer.fetches, count('keysFetched'), count('tokenGood')]).toEqual([1, 1, 1]);
  });

  test('new keys are taken up without a refused request', async () => {
    const { threads } = room();
    for (const kid of ['b', 'c', 'd']) {
      // A source of its own for each, since fetches for missing keys are seconds apart.
      const keys: KeySource = { from: 'jwks', id: kid, url: `${issuer.jwks}?${kid}` };
      const [old] = issuer.keys;
      const next = await issuerKey(kid);
      if (old === undefined) return;
      const check = async (key: typeof next, n: number): Promise<unknown> =>
        first(threads).checkToken('one', questionOf(await tokenOf(key, { n }), keys));
      expect(await check(old, 1)).toEqual(good);
      issuer.keys = [old, next];
      const both = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => check(n % 2 === 0 ? old : next, n + 2)),
      );
      expect(both).toEqual(both.map(() => good));
    }
    expect(issuer.mostAtOnce).toBe(1);
  });

  test('an issuer that gives no names to its keys may change them too', async () => {
    const clock = new TryClock();
    const { threads } = room({ clock });
    issuer.keys = [await issuerKey(undefined)];
    expect(await first(threads).checkToken('one', questionOf(await tokenOf(first(issuer.keys)), jwks()))).toEqual(good);
    clock.pass(20_000);
    issuer.keys = [await issuerKey(undefined)];
    expect(await first(threads).checkToken('one', questionOf(await tokenOf(first(issuer.keys)), jwks()))).toEqual(good);
  });

  test('while the issuer is away known keys go on, and a new kid is refused after one fetch at a time', async () => {
    const { threads } = room();
    const key = first(issuer.keys);
    const other = await issuerKey('b');
    expect(await first(threads).checkToken('one', questionOf(await tokenOf(key), jwks()))).toEqual(good);
    issuer.answer = (_req, res) => void res.destroy();
    const facts = await Promise.all(
      Array.from({ length: 30 }, async (_, n) =>
        first(threads).checkToken('one', questionOf(await tokenOf(n % 2 === 0 ? key : other, { n }), jwks())),
      ),
    );
    expect(facts).toEqual(facts.map((_, n) => (n % 2 === 0 ? good : unknownKid)));
    expect([issuer.fetches, issuer.mostAtOnce]).toEqual([2, 1]);
  });
});

describe('shares', () => {
  test('a flood of bad tokens at one tenant leaves another alone', async () => {
    // Nobody's bucket fills up again: what is counted depends on no time.
    const { threads, count } = room({ share: { msPerSecond: 1e-6, burstMs: 19.9 } });
    const token = await tokenOf(first(issuer.keys));
    const bad = await Promise.all(
      Array.from({ length: 900 }, async (_, n) => {
        const other = `${token.slice(0, -4)}${n.toString(36).padStart(4, 'A')}`;
        return first(threads).checkToken('flooder', questionOf(other, jwks()));
      }).concat(
        Array.from({ length: 50 }, async (_, n) =>
          first(threads).checkToken('victim', questionOf(await tokenOf(first(issuer.keys), { n }), jwks())),
        ),
      ),
    );
    expect(bad.slice(900)).toEqual(Array.from({ length: 50 }, () => good));
    const flood = bad.slice(0, 900).map(({ state }) => state);
    expect(flood.filter((state) => state === 'bad').length).toBe(100); // what 19.9 ms pay for, of 0.2 ms each, the last on credit
    expect(flood.filter((state) => state === 'unavailable').length).toBe(800);
    expect([count('tokenGood'), count('tokenBad'), count('tokenBusy')]).toEqual([50, 100, 800]);
  });

  test('a tenant has a thousand questions open, and others are not asked to wait for them', async () => {
    const { threads } = room();
    issuer.answer = () => undefined; // never
    const token = await tokenOf(first(issuer.keys));
    const facts = Array.from({ length: 1100 }, async (_, n) =>
      first(threads).checkToken('flooder', questionOf(`${token}${n}`, jwks())),
    );
    const settled: string[] = [];
    for (const fact of facts) void fact.then(({ state }) => settled.push(state));
    const stated: KeySource = { from: 'static', id: 'x', keys: [{ kid: 'a', jwk: { ...first(issuer.keys).jwk } }] };
    expect(await first(threads).checkToken('victim', questionOf(token, stated))).toEqual(good);
    expect(settled).toEqual(Array.from({ length: 100 }, () => 'unavailable'));
  });

  test('when the identity thread has ended, what is open and what is asked later is answered all the same', async () => {
    const { threads, close } = room();
    issuer.answer = () => undefined; // never
    const token = await tokenOf(first(issuer.keys));
    const ask = async (n: number): Promise<unknown> =>
      first(threads).checkToken('one', questionOf(`${token}${n}`, jwks()));
    const open = ask(1);
    close();
    const busy = { state: 'unavailable', fault: 'busy' };
    expect(await open).toEqual(busy);
    expect(await ask(2)).toEqual(busy);
  });
});
