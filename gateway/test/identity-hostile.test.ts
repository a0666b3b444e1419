// Callers, issuers and services that mean harm, at a real gateway: each gets the documented refusal, and what they forged
// reaches no upstream.
import type { RequestListener } from 'node:http';
import { startRedis, waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
