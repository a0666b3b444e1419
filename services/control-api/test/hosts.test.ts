// A host of one's own, the whole way: claimed and proven through the API, with a real DNS server, and answered by a real gateway.
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { HostClaim, Problem, Revision } from '@sluice/contracts';
import { problems } from '@sluice/contracts';
import { DnsServer, temporaryFolder, waitFor, type TemporaryFolder } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Fleet, type Gateway } from './support/fleet.js';
import { Person } from './support/person.js';

const host = 'api.acme.test';

let dns: DnsServer;
let plane: ControlPlane;
let folder: TemporaryFolder;
let fleet: Fleet;
let gateway: Gateway;
const owners = new Map<string, Person>();

beforeAll(async () => {
  [dns, folder] = await Promise.all([DnsServer.start(), temporaryFolder('sluice-hosts-')]);
  plane = await startControlPlane({ env: { HOST_PROOF_DNS: dns.address } });
  fleet = await Fleet.start(plane, folder.path);
  gateway = await fleet.add('gw-1');
  for (const slug of ['acme', 'best']) {
    const owner = await new Person(plane, `owner@${slug}.test`).signUp();
    owners.set(slug, owner);
    await owner.ask('POST', '/v1/tenants', { slug, title: slug });
    await owner.ask('POST', `${baseOf(slug)}/apis`, { name: 'orders', title: 'Orders' });
    for (const [name, at] of [
      ['given', `${slug}.localhost`],
      ['own', host],
    ] as const)
      await owner.ask('POST', `${baseOf(slug)}/apis/orders/routes`, {
        name,
        match: { hosts: [at], path: { prefix: '/' } },
        answer: { status: 200, contentType: 'text/plain', body: `${name} of ${slug}` },
      });
  }
});
afterAll(async () => {
  await fleet.stop();
  await plane.stop();
  await dns.stop();
  await folder.remove();
});

const baseOf = (slug: string): string => `/v1/tenants/${slug}/environments/production`;

function ownerOf(slug: string): Person {
  const owner = owners.get(slug);
  if (owner === undefined) throw new Error(`nobody owns ${slug}`);
  return owner;
}

async function answerAt(name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: gateway.port, path: '/', headers: { host: name } }, (res) => {
      text(res).then((body) => resolve(res.statusCode === 200 ? body : String(res.statusCode)), reject);
    });
    asked.once('error', reject).end();
  });
}

async function refusalsOf(slug: string): Promise<string[]> {
  const revision = await ownerOf(slug).ask<Revision>('GET', `${baseOf(slug)}/revisions/1`);
  return revision.receipts.flatMap(({ refusals }) => refusals.map(({ object, code }) => `${object}: ${code}`));
}

async function claim(slug: string): Promise<HostClaim> {
  return ownerOf(slug).ask<HostClaim>('POST', `${baseOf(slug)}/hosts`, { host });
}

async function verify(slug: string): Promise<HostClaim> {
  return ownerOf(slug).ask<HostClaim>('POST', `${baseOf(slug)}/hosts/${host}/verify`, {});
}

const unknown = String(problems.unknown_host.status);
const refusal = 'apis/orders/routes/own: host_not_claimed';

test('what names a host that is not proven is published, and refused as that one object', async () => {
  const published = await ownerOf('acme').ask<Revision>('POST', `${baseOf('acme')}/publish?wait=applied`, {});
  expect(published.receipts).toMatchObject([
    { state: 'applied', refusals: [{ object: 'apis/orders/routes/own', code: 'host_not_claimed' }] },
  ]);
  expect(await answerAt('acme.localhost')).toBe('given of acme');
  expect(await answerAt(host)).toBe(unknown);
});

test('when the record is found, the gateway answers there, and takes its refusal back, without another publication', async () => {
  const { record } = await claim('acme');
  dns.texts.set(record.name, ['v=spf1 -all', record.value]);
  expect(await verify('acme')).toMatchObject({ state: 'proven', isServed: true });
  await waitFor(async () => (await answerAt(host)) === 'own of acme', { what: 'the gateway answers at the host' });
  await waitFor(async () => (await refusalsOf('acme')).length === 0, { what: 'nothing is refused any more' });
  const environment = await ownerOf('acme').ask<{ hosts: string[]; live: { revision: number } }>('GET', baseOf('acme'));
  expect(environment).toMatchObject({ hosts: ['acme.localhost', host], live: { revision: 1 } });
});

test("another tenant that proves the host too captures nobody's requests, and gets it once it is released", async () => {
  await ownerOf('best').ask('POST', `${baseOf('best')}/publish?wait=applied`, {});
  expect(await refusalsOf('best')).toEqual([refusal]);
  const { record } = await claim('best');
  dns.texts.set(record.name, [...(dns.texts.get(record.name) ?? []), record.value]);
  expect(await verify('best')).toMatchObject({ state: 'pending', isServed: false, problem: 'held' });
  expect(await answerAt(host)).toBe('own of acme');
  await ownerOf('acme').ask('DELETE', `${baseOf('acme')}/hosts/${host}`);
  await waitFor(async () => (await answerAt(host)) === unknown, { what: 'the gateway has let go of the host' });
  await waitFor(async () => (await refusalsOf('acme')).includes(refusal), { what: 'the route is refused again' });
  expect(await verify('best')).toMatchObject({ state: 'proven' });
  await waitFor(async () => (await answerAt(host)) === 'own of best', { what: 'the other tenant has the host' });
  const answer = await ownerOf('acme').send<Problem>('GET', `${baseOf('acme')}/hosts/${host}`);
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
});
