// Where no URL of a tenant may lead, in whatever way it is written.
import { describe, expect, test } from 'vitest';
import { addressRule } from '../allowed-address.js';
import { OwnListeners } from '../own-listeners.js';
import { RawTarget, Sender } from '../try-target.js';
import { createUpstreams } from '../upstreams.js';

const ok = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok';
const publicOnly = createUpstreams(addressRule([]));

describe('without UPSTREAM_ALLOW', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '127.0.0.1.',
    '0.0.0.0',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    'localhost',
    'LOCALHOST',
    '10.0.0.1',
    '169.254.169.254',
    '[fe80::1]',
    '[fd00:ec2::254]',
  ])('nothing is sent to http://%s', async (host) => {
    const target = await RawTarget.answering(ok);
    const { port } = new URL(target.url);
    const heard = new Sender([`http://${host}:${port}`], {}, publicOnly).send();
    expect(await heard.summary()).toBe('0  upstream_forbidden_address');
    expect(target.peers.length).toBe(0);
  });
});

test('a name that leads elsewhere at each look-up is checked at each connection, and connected to as it was checked', async () => {
  const target = await RawTarget.answering(ok);
  const { port } = new URL(target.url);
  const answers = ['127.0.0.1', '10.0.0.1', '127.0.0.1'];
  let asked = 0;
  const upstreams = createUpstreams(addressRule(['127.0.0.0/8']), {
    resolve: (_name, _options, callback) => {
      const address = answers[asked] ?? '';
      asked += 1;
      callback(null, [{ address, family: 4 }]);
    },
  });
  const sender = new Sender([`http://rebinding.test:${port}`], {}, upstreams);
  const seen = [await sender.send().summary(), await sender.send().summary(), await sender.send().summary()];
  expect(seen).toEqual(['200 ok whole', '0  upstream_forbidden_address', '200 ok whole']);
  expect([asked, target.peers.length]).toEqual([3, 2]);
});

test('a redirect is the client’s to follow', async () => {
  const secret = await RawTarget.answering(ok);
  const target = await RawTarget.answering(
    `HTTP/1.1 302 Found\r\nLocation: ${secret.url}/secret\r\nContent-Length: 0\r\n\r\n`,
  );
  const heard = await new Sender([target.url]).send().over();
  expect([heard.status, heard.headers.slice(0, 2), secret.peers.length]).toEqual([
    302,
    ['Location', `${secret.url}/secret`],
    0,
  ]);
});

describe('our own listeners', () => {
  const own = new OwnListeners();
  own.add(8080);
  own.add(8081);

  test('are found at every address of this host, in every form', () => {
    const forms = ['127.0.0.1', '127.8.8.8', '::1', '0.0.0.0', '::', '::ffff:127.0.0.1'];
    expect(forms.filter((address) => !own.has(address, 8081))).toEqual([]);
    expect([own.has('127.0.0.1', 8082), own.has('93.184.216.34', 8080), own.has('nonsense', 8080)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('are never reached, though the operator allows the range', async () => {
    const target = await RawTarget.answering(ok);
    const listeners = new OwnListeners();
    listeners.add(Number(new URL(target.url).port));
    const upstreams = createUpstreams(addressRule(['127.0.0.0/8', '::1/128'], listeners));
    for (const url of [target.url, target.url.replace('127.0.0.1', 'localhost'), target.url.replace('127.0.0.1', '0')])
      expect(await new Sender([url], {}, upstreams).send().summary()).toBe('0  upstream_forbidden_address');
    expect(target.peers.length).toBe(0);
  });
});

test('a header that would be read as another one is never sent', async () => {
  const target = await RawTarget.answering(ok);
  const sender = new Sender([target.url]);
  for (const value of ['a\r\nx-evil: 1', 'a\nb', 'a\0', 'ключ'])
    expect(await sender.send({ headers: ['x-a', value] }).summary()).toBe('0  upstream_failed');
  for (const path of ['/a b', '/a\r\nb', '/\u00e9'])
    expect(await sender.send({ path }).summary()).toBe('0  upstream_failed');
  expect(await sender.send({ upgrade: 'a\r\nb' }).summary()).toBe('0  upstream_failed');
  expect(target.peers.length).toBe(0);
});

test('host, framing and connection are the gateway’s own', async () => {
  const target = await RawTarget.answering(ok);
  const headers = ['Host', 'evil', 'content-length', '5', 'Transfer-Encoding', 'chunked', 'connection', 'x', 'A', 'b'];
  await new Sender([target.url]).send({ method: 'POST', headers }).over();
  const host = new URL(target.url).host;
  expect(target.peers[0]?.received).toBe(`POST / HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0\r\nA: b\r\n\r\n`);
});
