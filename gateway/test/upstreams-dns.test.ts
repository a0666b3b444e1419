// Upstreams by name, as a real DNS server gives their addresses, behind a real gateway.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { DnsServer, waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { otherOwner } from './feed-server.js';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

let stack: Stack;
let dns: DnsServer;
let gateway: GatewayProcess;
const servers: Server[] = [];
const addresses = ['127.0.0.2', '127.0.0.3', '127.0.0.4'] as const;
let port = 0;

beforeAll(async () => {
  // The same port at each address, as the machines of one service have.
  for (const address of addresses) {
    const server = createServer((req, res) => void res.end(`${address} as ${req.headers.host ?? ''}`));
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    ({ port } = server.address() as AddressInfo);
    servers.push(server);
  }
  stack = await Stack.start();
  dns = await DnsServer.start();
  gateway = await stack.readyGateway({ UPSTREAM_DNS: dns.address });
});
afterAll(async () => {
  await stack.stop();
  await dns.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function answeredBy(count: number): Promise<string[]> {
  const all = new Set<string>();
  for (let turn = 0; turn < count; turn += 1) all.add((await gateway.send('/')).body);
  return [...all].toSorted();
}
const as = (...of: readonly string[]): string[] => of.map((address) => `${address} as users.test:${port}`);

test('requests go to all addresses of a name, under that name, and follow DNS within its TTL', async () => {
  const [one, two, three] = addresses;
  dns.addresses.set('users.test', { addresses: [one, two], ttlSeconds: 1 });
  stack.feed.publish(
    documentOf({ users: { targets: [{ url: `http://users.test:${port}`, resolve: 'all' }] } }, [routeTo('users', '/')]),
  );
  await stack.untilCaughtUp();
  await waitFor(async () => (await answeredBy(6)).length === 2, { what: 'both addresses serve' });
  expect(await answeredBy(6)).toEqual(as(one, two));
  dns.addresses.set('users.test', { addresses: [two, three], ttlSeconds: 1 });
  // By each thread, sooner than an address without a TTL is asked for again.
  await waitFor(async () => isDeepStrictEqual(await answeredBy(6), as(two, three)), {
    what: 'the new address has taken the place of the first',
    timeoutMs: 20_000,
  });
  // Without DNS, what was known goes on.
  dns.addresses.delete('users.test');
  const asked = dns.asked('A');
  // When it is asked again, the first answer has been taken in.
  await waitFor(() => dns.asked('A') >= asked + 2, { what: 'it was asked in vain', timeoutMs: 30_000 });
  expect(await answeredBy(6)).toEqual(as(two, three));
});

test('a tenant whose DNS is silent delays no other tenant’s connections by name', async () => {
  const names = Array.from({ length: 8 }, (_, n) => `quiet-${n}`);
  dns.silentAbout.add('.silent.test');
  dns.addresses.set('users.test', { addresses: [addresses[0]], ttlSeconds: 1 });
  const hosts = ['quiet.test'];
  stack.feed.publish(
    documentOf(
      Object.fromEntries(
        names.map((name) => [
          name,
          { targets: [{ url: `http://${name}.silent.test` }], timeouts: { connectMs: 20_000 } },
        ]),
      ),
      names.map((name) => routeTo(name, `/${name}`)),
    ),
    { hosts, owner: otherOwner, tenantSlug: 'quiet' },
  );
  const local = await stack.upstream((_req, res) => void res.end('local'));
  stack.feed.publish(
    documentOf({ users: `http://users.test:${port}`, local: `http://localhost:${local.port}` }, [
      routeTo('users', '/users'),
      routeTo('local', '/local'),
    ]),
  );
  await stack.untilCaughtUp();
  const asked = dns.asked('A');
  let answered = 0;
  const held = names.map(async (name) => {
    const { status } = await gateway.send(`/${name}`, { host: 'quiet.test' });
    answered += 1;
    return status;
  });
  // libuv lends two threads to look-ups.
  await waitFor(() => dns.asked('A') >= asked + 2, { what: 'the silent names were asked for' });
  expect((await gateway.send('/local')).body).toBe('local');
  expect((await gateway.send('/users')).body).toBe(`${addresses[0]} as users.test:${port}`);
  expect(answered).toBe(0);
  expect(await Promise.all(held)).toEqual(names.map(() => 502));
});
