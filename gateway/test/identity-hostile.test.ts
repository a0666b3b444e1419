// Callers, issuers and services that mean harm, at a real gateway: each gets the documented refusal, and what they forged
// reaches no upstream.
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

beforeAll(async () => {
  stack = await Stack.start();
  issuer = await Issuer.start();
  key = await issuerKey('first', 'RS256');
  issuer.keys = [key];
  const upstream = await stack.upstream((req, res) => {
    seen.push(req.rawHeaders);
    res.end('reached');
  });
  const jwt = { jwt: { issuers: [{ issuer: iss, jwks: issuer.jwks }] } };
  stack.feed.publish(
    documentOf({ plain: upstream.url }, [
      routeTo('plain', '/open'),
      routeTo('plain', '/token', { policies: [jwt] }),
      routeTo('plain', '/any', { policies: [{ any: [jwt, { anonymous: {} }] }] }),
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
