// Callers, issuers and services that mean harm, at a real gateway: each gets the documented refusal, and what they forged
// reaches no upstream.
import { createHmac, createPublicKey } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { startRedis, waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Issuer, issuerKey, tokenOf } from '../src/identity/try-issuer.js';
import type { IssuerKey } from '../src/identity/try-issuer.js';
import type { Answer, GatewayProcess, Sent } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

const iss = 'https://id.acme.test';

let stack: Stack;
let gateway: GatewayProcess;
let issuer: Issuer;
let key: IssuerKey;
/** Raw heads of the requests that reached an upstream. */
const seen: string[][] = [];
/** What the forward-auth service does with a question. */
let judge: RequestListener = (_req, res) => void res.end();
let asked = 0;

beforeAll(async () => {
  stack = await Stack.start();
  issuer = await Issuer.start();
  key = await issuerKey('first', 'RS256');
  issuer.keys = [key];
  const upstream = await stack.upstream((req, res) => {
    seen.push(req.rawHeaders);
    res.end('reached');
  });
  const service = await stack.upstream((req, res) => {
    asked += 1;
    judge(req, res);
  });
  const forwardAuth = { 'forward-auth': { address: service.url, timeoutMs: 30_000, authResponseHeaders: ['X-User'] } };
  const silent = await stack.upstream(() => undefined);
  const slots = { 'rate-limit': { zone: 'slots', limits: [{ concurrency: 10, scope: 'ip' }] } };
  const jwt = { jwt: { issuers: [{ issuer: iss, jwks: issuer.jwks }] } };
  stack.feed.publish(
    documentOf({ plain: upstream.url, silent: silent.url }, [
      routeTo('plain', '/open'),
      routeTo('plain', '/token', { policies: [jwt] }),
      routeTo('plain', '/any', { policies: [{ any: [jwt, { anonymous: {} }] }] }),
      routeTo('plain', '/asked', { policies: [forwardAuth] }),
      routeTo('plain', '/limited', {
        policies: [forwardAuth, { 'rate-limit': { limits: [{ window: '5/hour', scope: 'ip' }] } }],
      }),
      routeTo('plain', '/slotted', { policies: [forwardAuth, slots] }),
      routeTo('silent', '/silent', { policies: [slots] }),
      routeTo('plain', '/key', { policies: [{ 'api-key': { header: 'authorization' } }] }),
    ]),
  );
  gateway = await stack.readyGateway({ THREADS: '1' });
});
afterAll(async () => {
  await stack.stop();
  await issuer.stop();
});
beforeEach(() => {
  seen.length = 0;
  asked = 0;
  judge = (_req, res) => void res.end();
});

const codeOf = ({ body }: Answer): unknown => (JSON.parse(body) as { code: string }).code;
const refusalOf = async (path: string, headers: Sent['headers'] = {}): Promise<readonly [number, unknown]> => {
  const answer = await gateway.send(path, { headers });
  return [answer.status, answer.status < 400 ? answer.body : codeOf(answer)];
};

describe('the header Authorization', () => {
  test('is refused when it comes twice, whether or not a policy reads it', async () => {
    const good = `Bearer ${await tokenOf(key, { iss })}`;
    for (const path of ['/open', '/token', '/any', '/key'])
      for (const authorization of [
        ['Basic YTpi', 'Bearer forged'],
        [good, 'Bearer forged'],
        [good, good],
      ])
        expect([path, await refusalOf(path, { authorization })]).toEqual([path, [400, 'bad_request']]);
    expect(seen).toEqual([]);
  });
});

describe('a token', () => {
  const part = (value: unknown): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const claims = { iss, sub: 'mallory', exp: 4_000_000_000 };
  const rs256 = { alg: 'RS256', kid: 'first' };
  const forgedOf = (header: object, of: unknown = claims, signature = 'AAAA'): string =>
    `${part(header)}.${part(of)}.${signature}`;
  /** Signed with the issuer's public key as if it were a secret. */
  const confused = (secret: string): string => {
    const signed = `${part({ alg: 'HS256', kid: 'first' })}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  };
  const spki = (): string =>
    createPublicKey({ key: { ...key.jwk }, format: 'jwk' })
      .export({ type: 'spki', format: 'pem' })
      .toString();
  const hostile: readonly (readonly [name: string, token: () => string, code: string])[] = [
    ['none', () => forgedOf({ alg: 'none' }, claims, ''), 'token_algorithm_refused'],
    ['none with a signature', () => forgedOf({ alg: 'none' }), 'token_algorithm_refused'],
    ['nOnE', () => forgedOf({ alg: 'nOnE', kid: 'first' }), 'token_algorithm_refused'],
    ['HS256 by the PEM', () => confused(spki()), 'token_algorithm_refused'],
    ['HS256 by the JWK', () => confused(JSON.stringify(key.jwk)), 'token_algorithm_refused'],
    ['an algorithm of another kind of key', () => forgedOf({ alg: 'ES256', kid: 'first' }), 'token_signature_invalid'],
    ['a kid that is a path', () => forgedOf({ ...rs256, kid: '../../../../dev/null' }), 'token_key_unknown'],
    ['a kid that is SQL', () => forgedOf({ ...rs256, kid: "' UNION SELECT 'x" }), 'token_key_unknown'],
    ['a kid that is a list', () => forgedOf({ ...rs256, kid: ['first'] }), 'token_malformed'],
    ['a kid of a prototype', () => forgedOf({ ...rs256, kid: '__proto__' }), 'token_key_unknown'],
    ...['jku', 'x5u', 'jwk', 'x5c'].map(
      (name) => [name, () => forgedOf({ ...rs256, [name]: issuer.jwks }), 'token_header_refused'] as const,
    ),
    ['crit', () => forgedOf({ ...rs256, crit: ['exp'] }), 'token_header_refused'],
    ['b64', () => forgedOf({ ...rs256, b64: false }), 'token_header_refused'],
    ['alg twice', () => `${part('{"alg":"RS256","alg":"none"}')}.${part(claims)}.AAAA`, 'token_malformed'],
    ['iss twice', () => forgedOf(rs256, `{"iss":"https://evil.test","iss":"${iss}","exp":4e9}`), 'token_malformed'],
    ['an issuer that is an object', () => forgedOf(rs256, '{"iss":{"toString":1}}'), 'token_issuer_unknown'],
    ['an issuer that is a list', () => forgedOf(rs256, { ...claims, iss: [iss] }), 'token_issuer_unknown'],
    ['lists in lists', () => forgedOf(rs256, `{"iss":${'['.repeat(2000)}${']'.repeat(2000)}}`), 'token_malformed'],
    ['exp in a prototype', () => forgedOf(rs256, `{"iss":"${iss}","__proto__":{"exp":4e9}}`), 'token_claim_refused'],
    ['exp as text', () => forgedOf(rs256, { ...claims, exp: '4000000000' }), 'token_malformed'],
    ['a signature of nothing', () => forgedOf(rs256, claims, part('')), 'token_malformed'],
    ['a signature of zeros', () => forgedOf(rs256, claims, part('\0'.repeat(256))), 'token_signature_invalid'],
    ['encrypted', () => `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`, 'token_malformed'],
    ['padded base64', () => `${forgedOf(rs256)}=`, 'token_malformed'],
    ['too large', () => forgedOf(rs256, { ...claims, filler: 'x'.repeat(8000) }), 'token_too_large'],
  ];

  test.each(hostile)('is refused: %s', async (_, token, code) => {
    expect(await refusalOf('/token', { authorization: `Bearer ${token()}` })).toEqual([401, code]);
    expect(await refusalOf('/any', { authorization: `bearer  ${token()}` })).toEqual([401, code]);
    expect(seen).toEqual([]);
  });

  test('that names its own keys is refused, and they are not fetched', async () => {
    const evil = await Issuer.start();
    onTestFinished(async () => evil.stop());
    evil.keys = [await issuerKey('evil', 'RS256')];
    for (const name of ['jku', 'x5u'])
      expect(
        await refusalOf('/token', {
          authorization: `Bearer ${forgedOf({ ...rs256, kid: 'evil', [name]: evil.jwks })}`,
        }),
      ).toEqual([401, 'token_header_refused']);
    expect(evil.fetches).toBe(0);
  });

  test('after a tab or a space beyond ASCII is read as one', async () => {
    for (const gap of ['\t', '\u00a0'])
      expect(await refusalOf('/any', { authorization: `Bearer${gap}forged` })).toEqual([401, 'token_malformed']);
    expect(seen).toEqual([]);
  });
});

describe('a forward-auth service', () => {
  test('is asked as often as a limit lets requests through, however many come at once', async () => {
    const open: (() => void)[] = [];
    judge = (_req, res) => void open.push(() => res.end());
    let refused = 0;
    const answers = Array.from({ length: 30 }, async () => {
      const { status } = await gateway.send('/limited');
      if (status === 429) refused += 1;
      return status;
    });
    await waitFor(() => asked + refused === 30, { what: 'each request waits for the service, or is refused' });
    expect(asked).toBe(5);
    for (const answer of open) answer();
    const statuses = await Promise.all(answers);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(seen).toHaveLength(5);
  });

  test('is not waited for in a slot that was lost meanwhile', async () => {
    const redis = await startRedis();
    const own = await stack.readyGateway({
      GATEWAY_ID: 'gw-slots',
      DATA_DIR: `${stack.dataDir}-slots`,
      THREADS: '1',
      REDIS_LIMITS_URL: redis.url,
    });
    const open: (() => void)[] = [];
    judge = (_req, res) => void open.push(() => res.end());
    const slotted = own.send('/slotted');
    const silent = own.send('/silent');
    await waitFor(() => open.length === 1, { what: 'the service is asked' });
    await redis.stop();
    expect(codeOf(await silent)).toBe('limit_unavailable');
    for (const answer of open) answer();
    expect(codeOf(await slotted)).toBe('limit_unavailable');
    expect(seen).toEqual([]);
  });
});
