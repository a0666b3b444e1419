// Names as the gateway looks them up, with real DNS servers and files; the system's own resolution is the test's.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DnsServer, temporaryFolder } from '@sluice/local-stack';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { MachineNames } from '../src/upstream/names/machine-names.js';
import type { ResolveName } from '../src/upstream/names/resolve-name.js';
import { createResolveName } from '../src/upstream/names/resolve-name.js';

let askedSystem: string[];
beforeEach(() => (askedSystem = []));

const askSystem = async (hostname: string): Promise<string[]> => {
  askedSystem.push(hostname);
  return Promise.resolve(hostname === 'known-here.test' ? ['10.0.0.9'] : []);
};

async function dnsServer(names: Readonly<Record<string, string>> = {}): Promise<DnsServer> {
  const dns = await DnsServer.start();
  onTestFinished(async () => dns.stop());
  for (const [name, address] of Object.entries(names)) dns.addresses.set(name, { addresses: [address], ttlSeconds: 7 });
  return dns;
}

interface Machine {
  readonly hosts?: string;
  readonly resolvConf?: string;
  /** Asked first. */
  readonly given?: DnsServer;
  readonly timeoutMs?: number;
}

/** By a machine whose own DNS server this is. */
async function resolveWith(
  dns: DnsServer,
  { hosts = '', resolvConf = '', given, timeoutMs = 5000 }: Machine = {},
): Promise<ResolveName & { readonly folder: string }> {
  const folder = await temporaryFolder('sluice-names-');
  onTestFinished(async () => folder.remove());
  const files = { hosts: join(folder.path, 'hosts'), resolvConf: join(folder.path, 'resolv.conf') };
  await writeFile(files.hosts, hosts);
  await writeFile(files.resolvConf, resolvConf);
  const machine = new MachineNames({ ...files, servers: [dns.address] });
  const servers = given === undefined ? [] : [given.address];
  return Object.assign(createResolveName(servers, { timeoutMs, machine, askSystem }), { folder: folder.path });
}

test('DNS says where a name leads and for how long, and the system is asked for what DNS does not know', async () => {
  const dns = await dnsServer();
  dns.addresses.set('users.test', { addresses: ['10.0.0.1', '10.0.0.2'], ttlSeconds: 7 });
  const resolve = await resolveWith(dns);
  expect(await resolve('users.test')).toEqual({ addresses: ['10.0.0.1', '10.0.0.2'], ttlMs: 7000 });
  expect(askedSystem).toEqual([]);
  expect(await resolve('known-here.test')).toEqual({ addresses: ['10.0.0.9'], ttlMs: 30_000 });
  expect(await resolve('nobody.test')).toBeUndefined();
  expect(askedSystem).toEqual(['known-here.test', 'nobody.test']);
});

test('where DNS is silent the system is not made to wait for it too: its few threads are everybody’s', async () => {
  const dns = await dnsServer();
  dns.silentAbout.add('slow.test');
  expect(await (await resolveWith(dns, { timeoutMs: 50 }))('slow.test')).toBeUndefined();
  expect(askedSystem).toEqual([]);
});

test('servers that the operator names are asked first, and the system’s for what they do not know', async () => {
  const dns = await dnsServer({ 'both.test': '10.0.0.2', 'public.test': '10.0.0.3' });
  const given = await dnsServer({ 'both.test': '10.0.0.1' });
  const resolve = await resolveWith(dns, { given });
  expect((await resolve('both.test'))?.addresses).toEqual(['10.0.0.1']);
  expect((await resolve('public.test'))?.addresses).toEqual(['10.0.0.3']);
  expect(askedSystem).toEqual([]);
});

test('names of /etc/hosts, and localhost, need no DNS at all', async () => {
  const dns = await dnsServer();
  dns.silentAbout.add('');
  const resolve = await resolveWith(dns, { hosts: '10.0.0.5\tdb.internal DB # ours\n::5 db\n#10.0.0.6 gone\n' });
  expect(await resolve('db.internal')).toEqual({ addresses: ['10.0.0.5'], ttlMs: 30_000 });
  expect((await resolve('Db.'))?.addresses).toEqual(['10.0.0.5', '::5']);
  expect((await resolve('localhost'))?.addresses).toEqual(['127.0.0.1', '::1']);
  expect((await resolve('demo.localhost'))?.addresses).toEqual(['127.0.0.1', '::1']);
  expect(dns.asked('A')).toBe(0);
});

test('short names are looked for in the search list first, as the C library does, and long ones as they are', async () => {
  const dns = await dnsServer({
    'users.shop.svc.cluster.local': '10.0.0.1',
    'users.dev.svc.cluster.local': '10.0.0.2',
    'users.dev': '10.0.0.99',
    'api.example.com': '10.0.0.3',
  });
  const resolvConf = 'search shop.svc.cluster.local svc.cluster.local. cluster.local\noptions timeout:1 ndots:2\n';
  const resolve = await resolveWith(dns, { resolvConf });
  expect((await resolve('users'))?.addresses).toEqual(['10.0.0.1']);
  expect((await resolve('users.dev'))?.addresses).toEqual(['10.0.0.2']);
  expect((await resolve('users.dev.'))?.addresses).toEqual(['10.0.0.99']);
  expect((await resolve('users.dev.svc'))?.addresses).toEqual(['10.0.0.2']);
  const asked = dns.asked('A');
  expect((await resolve('api.example.com'))?.addresses).toEqual(['10.0.0.3']);
  expect(dns.asked('A')).toBe(asked + 1);
});

test('a search list that has changed counts for the next names', async () => {
  const dns = await dnsServer({ 'users.new.test': '10.0.0.1' });
  const resolve = await resolveWith(dns, { resolvConf: 'search old.test\n' });
  expect(await resolve('users')).toBeUndefined();
  await writeFile(join(resolve.folder, 'resolv.conf'), 'search new.test\n');
  await expect.poll(async () => (await resolve('users'))?.addresses, { timeout: 10_000 }).toEqual(['10.0.0.1']);
});
