// Names as the gateway follows them, with a real DNS server; the system's own resolution is the test's.
import { createSocket } from 'node:dgram';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { createResolveName } from '../src/upstream/health/resolve-name.js';
import { DnsServer } from './dns-server.js';

let askedSystem: string[];
beforeEach(() => (askedSystem = []));

const options = {
  timeoutMs: 50,
  askSystem: async (hostname: string) => {
    askedSystem.push(hostname);
    return Promise.resolve(hostname === 'known-here.test' ? ['10.0.0.9'] : []);
  },
};

test('DNS says where a name leads and for how long, and the system is asked for what DNS does not know', async () => {
  const dns = await DnsServer.start();
  onTestFinished(async () => dns.stop());
  dns.names.set('users.test', { addresses: ['10.0.0.1', '10.0.0.2'], ttlSeconds: 7 });
  const resolve = createResolveName([`127.0.0.1:${dns.port}`], { ...options, timeoutMs: 5000 });
  expect(await resolve('users.test')).toEqual({ addresses: ['10.0.0.1', '10.0.0.2'], ttlMs: 7000 });
  expect(askedSystem).toEqual([]);
  expect(await resolve('known-here.test')).toEqual({ addresses: ['10.0.0.9'], ttlMs: 30_000 });
  expect(await resolve('nobody.test')).toBeUndefined();
  expect(askedSystem).toEqual(['known-here.test', 'nobody.test']);
});

test('where DNS is silent the system is not made to wait for it too: its few threads are everybody’s', async () => {
  const silent = createSocket('udp4');
  await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const resolve = createResolveName([`127.0.0.1:${silent.address().port}`], options);
  expect(await resolve('slow.test')).toBeUndefined();
  expect(askedSystem).toEqual([]);
});
