// Where keys may come from, and what is taken for them: real servers on loopback; names are resolved by the test.
import { lookup } from 'node:dns';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { Resolve } from '../../upstream/allowed-address.js';
import type { IssuerAnswer } from '../try-issuer.js';
import { Issuer, issuerKey, json } from '../try-issuer.js';
import { tlsCertificate, tlsKey } from '../try-tls.js';
import type { FetchedSource } from './fetch-key-set.js';
import { createFetchJson } from './fetch-json.js';
import { createFetchKeySet } from './fetch-key-set.js';

async function issuerThat(answer?: IssuerAnswer, host = '127.0.0.1', port = 0): Promise<Issuer> {
  const issuer = await Issuer.start(host, port);
  issuer.keys = [await issuerKey('a')];
  issuer.answer = answer;
  onTestFinished(async () => issuer.stop());
  return issuer;
}

async function outcome(source: string | FetchedSource, allow = ['127.0.0.1/32'], resolve?: Resolve): Promise<string> {
  const fetch = createFetchKeySet(createFetchJson(allow, resolve));
  const fetched = await fetch('ten_1', typeof source === 'string' ? { from: 'jwks', id: 'x', url: source } : source);
  return fetched.ok ? fetched.value.keys.map(({ kid }) => kid).join() : fetched.fault;
}

const to = (...addresses: string[]): Resolve => {
  let calls = 0;
  return (_hostname, _options, callback) => {
    const address = addresses[Math.min(calls, addresses.length - 1)] ?? '';
    calls += 1;
    callback(null, [{ address, family: 4 }]);
  };
};

test('keys are fetched from an address that is allowed, and from no other', async () => {
  const issuer = await issuerThat();
  expect(await outcome(issuer.jwks)).toBe('a');
  expect(await outcome(issuer.jwks, [])).toBe('forbidden_address');
  expect(await outcome(issuer.jwks, ['10.0.0.0/8'])).toBe('forbidden_address');
  expect(await outcome(issuer.jwks.replace('127.0.0.1', 'localhost'), [])).toBe('forbidden_address');
  expect(await outcome(issuer.jwks.replace('127.0.0.1', '[::ffff:127.0.0.1]'), [])).toBe('forbidden_address');
  expect(await outcome('http://169.254.169.254/latest/meta-data')).toBe('forbidden_address');
  expect(await outcome({ from: 'discovery', id: 'x', issuer: issuer.url }, [])).toBe('forbidden_address');
  expect(issuer.fetches).toBe(1);
});

test('a name that changes its address from one connection to the next is refused there', async () => {
  const issuer = await issuerThat();
  const inside = await issuerThat(undefined, '127.0.0.2', issuer.port);
  const url = `http://keys.acme.test:${issuer.port}/jwks.json`;
  const resolve = to('127.0.0.1', '127.0.0.2');
  expect(await outcome(url, ['127.0.0.1/32'], resolve)).toBe('a');
  expect(await outcome(url, ['127.0.0.1/32'], resolve)).toBe('forbidden_address');
  expect(inside.fetches).toBe(0);
});

test('the address that was checked is the address that is connected to', async () => {
  const issuer = await issuerThat();
  const inside = await issuerThat(undefined, '127.0.0.2', issuer.port);
  // Both at once: the allowed one is used, the other never tried.
  const both: Resolve = (_hostname, _options, callback) =>
    callback(null, [
      { address: '127.0.0.2', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
  expect(await outcome(`http://keys.acme.test:${issuer.port}/jwks.json`, ['127.0.0.1/32'], both)).toBe('a');
  expect([issuer.fetches, inside.fetches]).toEqual([1, 0]);
});

test('names are looked up as the tenant’s whose issuer it is: what it has under way holds up nobody else', async () => {
  const issuer = await issuerThat();
  const askedFor: unknown[] = [];
  const resolve: Resolve = (_hostname, { tenantId }, callback) => {
    askedFor.push(tenantId);
    callback(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  expect(await outcome(issuer.jwks.replace('127.0.0.1', 'keys.acme.test'), undefined, resolve)).toBe('a');
  expect(askedFor).toEqual(['ten_1']);
});

test('without TLS a public address is not asked', async () => {
  expect(await outcome('http://keys.acme.test/jwks.json', [], to('93.184.216.34'))).toBe('forbidden_address');
});

test('a certificate is verified: who issued it, and for which name', async () => {
  const { jwk } = await issuerKey('a');
  const server = createServer({ key: tlsKey, cert: tlsCertificate }, (_req, res) => json(res, { keys: [jwk] }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const trusted = getCACertificates('default');
  onTestFinished(() => {
    setDefaultCACertificates(trusted);
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const resolve = to('127.0.0.1');
  expect(await outcome(`https://localhost:${port}/`, undefined, resolve)).toBe('unreachable');
  setDefaultCACertificates([...trusted, tlsCertificate]);
  expect(await outcome(`https://localhost:${port}/`, undefined, resolve)).toBe('a');
  expect(await outcome(`https://127.0.0.1:${port}/`)).toBe('a');
  expect(await outcome(`https://keys.acme.test:${port}/`, undefined, resolve)).toBe('unreachable');
});

test('a redirect is not followed', async () => {
  const inside = await issuerThat();
  const issuer = await issuerThat((_req, res) => void res.writeHead(302, { location: inside.jwks }).end());
  expect(await outcome(issuer.jwks)).toBe('redirected');
  expect(inside.fetches).toBe(0);
});

test('what is no key set is refused by what is wrong with it', async () => {
  const answers: readonly [string, IssuerAnswer][] = [
    ['not_found', (_req, res) => void res.writeHead(500).end()],
    ['not_json', (_req, res) => void res.writeHead(200, { 'content-type': 'text/html' }).end('{"keys":[]}')],
    ['not_json', (_req, res) => void res.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":')],
    ['not_a_key_set', (_req, res) => json(res, [])],
    ['not_a_key_set', (_req, res) => json(res, { keys: {} })],
    ['not_a_key_set', (_req, res) => json(res, { keys: Array.from({ length: 51 }, () => ({})) })],
    ['too_large', (_req, res) => json(res, { keys: [], filler: 'x'.repeat(300_000) })],
    ['unreachable', (_req, res) => void res.destroy()],
  ];
  for (const [fault, answer] of answers) expect(await outcome((await issuerThat(answer)).jwks)).toBe(fault);
});

test('what nests without end is no key, and stops nobody', async () => {
  for (const [start, end] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const key = `${start.repeat(40_000)}${start === '[' ? '' : '1'}${end.repeat(40_000)}`;
    const { jwk } = await issuerKey('good');
    const issuer = await issuerThat((_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end(`{"keys":[${key},${JSON.stringify(jwk)}]}`);
    });
    expect(await outcome(issuer.jwks)).toBe('good');
  }
});

test('an answer without end is cut off by its size', async () => {
  const issuer = await issuerThat((_req, res) => {
    res.writeHead(200, { 'content-type': 'application/json' });
    const more = (): void => void (res.writable && res.write('x'.repeat(65_536), () => setImmediate(more)));
    more();
  });
  expect(await outcome(issuer.jwks)).toBe('too_large');
});

test('an answer that does not come is given up', async () => {
  const issuer = await issuerThat(
    (_req, res) => void res.writeHead(200, { 'content-type': 'application/json' }).write('{'),
  );
  expect(await outcome(issuer.jwks)).toBe('timeout');
});

test('keys that nobody can verify with are left out, and the others work', async () => {
  const { jwk } = await issuerKey('good');
  const issuer = await issuerThat((_req, res) =>
    json(res, {
      keys: [
        null,
        'x',
        {},
        { kty: 'oct', kid: 'secret', k: 'AAAA' },
        { ...jwk, kid: 'enc', use: 'enc' },
        { kty: 'RSA', kid: 'short', n: 'AAAA', e: 'AQAB' },
        jwk,
      ],
    }),
  );
  expect(await outcome(issuer.jwks)).toBe('good');
});

test('a key set is another one when its keys are, whatever else it says', async () => {
  const { jwk } = await issuerKey('a');
  const { jwk: other } = await issuerKey('a');
  const fingerprint = async (keys: unknown): Promise<unknown> => {
    const issuer = await issuerThat((_req, res) => json(res, { keys, at: performance.now() }));
    const fetched = await createFetchKeySet(createFetchJson(['127.0.0.1/32']))('ten_1', {
      from: 'jwks',
      id: 'x',
      url: issuer.jwks,
    });
    return fetched.ok ? fetched.value.fingerprint : fetched.fault;
  };
  const first = await fingerprint([jwk]);
  expect(await fingerprint([{ ...jwk, served: 'later' }])).toBe(first);
  expect(new Set([first, await fingerprint([other]), await fingerprint([{ ...jwk, kid: 'b' }])]).size).toBe(3);
});

test('the machine’s own names are resolved where the test does not', async () => {
  const issuer = await issuerThat();
  const resolve: Resolve = (hostname, options, callback) => lookup(hostname, { ...options, family: 4 }, callback);
  expect(await outcome(issuer.jwks.replace('127.0.0.1', 'localhost'), ['127.0.0.0/8'], resolve)).toBe('a');
});
