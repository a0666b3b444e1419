// `npm run bench:control [-- --json] [--tenants 1000] [--rounds 100]`: how long a change takes to arrive, and a list to come.
//
//   publish  from the request to publish until three gateways have applied the revision (`wait=applied`)
//   revoke   from the request to revoke a key until the last of three gateways refuses it, as somebody who goes on asking sees it
//   start    from the start of another gateway's process, without anything on its disk, until it is ready
//   list     a page of 50 of 100,000 rows, at places all over the list
//
// All tenants share the fleet: each has ten routes and a hundred keys. Everything runs on this machine, side by side; the three
// gateways end before `start`, so that what they write to their disks is not measured with it.
import { parseArgs } from 'node:util';
import { temporaryFolder } from '@sluice/local-stack';
import { percentile, reportFigures, type Measured } from '@sluice/local-stack/figures';
import { keyOf, keysATenant, longList, routesATenant, seedTenants, slugOf, type SeededTenant } from './seed.js';
import { startControlPlane } from '../test/support/control-plane.js';
import { Fleet, type Gateway } from '../test/support/fleet.js';
import { Person } from '../test/support/person.js';
import { connectSuperuser } from '../test/support/superuser.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    tenants: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '100' },
  },
});
const tenants = Number(values.tenants);
const rounds = Number(values.rounds);
const listRows = 100_000;
/** Pages before this the compiler has not settled. */
const unmeasured = 50;

await reportFigures(async ({ say }) => {
  await using folder = await temporaryFolder('sluice-bench-control-');
  const plane = await startControlPlane();
  const fleet = await Fleet.start(plane, folder.path);
  try {
    const person = await new Person(plane, 'bench@sluice.test').signUp();
    const seeded = await seedTenants(plane, person.email, tenants, fleet.upstreamUrl, say);
    const three: Gateway[] = [];
    for (const name of ['one', 'two', 'three']) {
      three.push(await fleet.add(name));
      say(`gateway ${name} is ready`);
    }
    const figures = [...(await measurePublish(person, say)), ...(await measureRevoke(person, fleet, seeded, say))];
    await Promise.all(three.map(async (gateway) => gateway.stop()));
    figures.push(...(await measureStart(fleet, say)));
    await longList(plane.postgresUrl, listRows, slugOf(0));
    return [...figures, ...(await measureList(person, plane.postgresUrl, say))];
  } finally {
    await fleet.stop();
    await plane.stop();
  }
});

function baseOf(tenant: number): string {
  return `/v1/tenants/${slugOf(tenant)}/environments/production`;
}

async function measurePublish(person: Person, say: (line: string) => void): Promise<Measured[]> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const base = baseOf(round % tenants);
    await person.ask('PATCH', `${base}/apis/shop`, { title: `Shop ${round}` });
    const from = performance.now();
    await person.ask('POST', `${base}/publish?wait=applied`, { comment: `round ${round}` });
    took.push(performance.now() - from);
  }
  say(`published ${rounds} times`);
  return [
    { name: 'publish to applied on three gateways, p50', value: percentile(took, 0.5), unit: 'ms', atMost: 100 },
    { name: 'publish to applied on three gateways, p99', value: percentile(took, 0.99), unit: 'ms', atMost: 500 },
  ];
}

async function measureRevoke(
  person: Person,
  fleet: Fleet,
  seeded: readonly SeededTenant[],
  say: (line: string) => void,
): Promise<Measured[]> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const tenant = round % tenants;
    const number = keysATenant - 1 - Math.floor(round / tenants);
    const id = seeded[tenant]?.credentialIds[number] ?? '';
    const key = keyOf(tenant, number);
    await fleet.untilAll(slugOf(tenant), key, 200);
    const refused = fleet.untilAll(slugOf(tenant), key, 401);
    const from = performance.now();
    await person.ask('DELETE', `${baseOf(tenant)}/credentials/${id}`);
    await refused;
    took.push(performance.now() - from);
  }
  say(`revoked ${rounds} keys`);
  return [
    { name: 'revoke to refused on three gateways, p50', value: percentile(took, 0.5), unit: 'ms' },
    { name: 'revoke to refused on three gateways, p99', value: percentile(took, 0.99), unit: 'ms', atMost: 300 },
  ];
}

async function measureStart(fleet: Fleet, say: (line: string) => void): Promise<Measured[]> {
  const took: number[] = [];
  for (const name of ['four', 'five', 'six']) {
    const from = performance.now();
    const gateway = await fleet.add(name);
    took.push(performance.now() - from);
    say(`gateway ${name}: ready after ${Math.round(took.at(-1) ?? 0)} ms`);
    await gateway.stop();
  }
  const what = `${tenants} tenants, ${tenants * routesATenant} routes, ${tenants * keysATenant} keys`;
  return [{ name: `a new gateway is ready: ${what}`, value: percentile(took, 0.5), unit: 'ms', atMost: 5000 }];
}

async function measureList(person: Person, postgresUrl: string, say: (line: string) => void): Promise<Measured[]> {
  const superuser = await connectSuperuser(postgresUrl);
  // As it would have been done by itself while the list grew.
  await superuser.query('VACUUM ANALYZE');
  await superuser.end();
  const took: number[] = [];
  let cursor: string | undefined;
  for (let round = -unmeasured; round < Math.max(300, rounds); round += 1) {
    const from = performance.now();
    const page = await person.ask<{ items: unknown[]; nextCursor: string | null }>(
      'GET',
      `${baseOf(0)}/applications?limit=50${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    if (round >= 0) took.push(performance.now() - from);
    if (page.items.length !== 50) throw new Error(`a page of ${page.items.length} instead of 50`);
    cursor = page.nextCursor ?? undefined;
  }
  say('read the list');
  return [
    { name: `a page of 50 of ${listRows} rows, p50`, value: percentile(took, 0.5), unit: 'ms' },
    { name: `a page of 50 of ${listRows} rows, p99`, value: percentile(took, 0.99), unit: 'ms', atMost: 30 },
  ];
}
