// Claims on a real Postgres, with a resolver that answers as it is told: who gets a host, when the gateways are told, and what
// several control planes do at once.
import type { EnvironmentChange, HostClaim } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { findEnvironment } from '../environments/find-environment.js';
import { retireEnvironment } from '../environments/retire-environment.js';
import { FeedReader } from '../fleet/feed.reader.js';
import type { Access } from '../http/access.js';
import { Refusal } from '../http/refusal.js';
import { RevisionsService } from '../publish/revisions.service.js';
import { seedDraft, seedTenant, startFleetServers, type FleetServers, type Seeded } from '../testing/fleet-servers.js';
import { attemptsToken } from '../tokens.js';
import { HostChecks } from './host-checks.js';
import { HostsService } from './hosts.service.js';
import { HostsUpkeep } from './hosts-upkeep.js';
import type { Answer } from './proof-resolver.js';

const records = new Map<string, string[]>();
const silent = new Set<string>();
const asked: string[] = [];
let onLook: (name: string) => Promise<void> = async () => undefined;
const resolver = {
  async txt(name: string): Promise<Answer> {
    asked.push(name);
    await onLook(name);
    if (silent.has(name)) return { isAnswered: false, reason: 'ESERVFAIL' };
    return { isAnswered: true, values: records.get(name) ?? [] };
  },
};

let servers: FleetServers;
let hosts: HostsService;
let upkeep: HostsUpkeep;
let owner: pg.Client;
let acme: Seeded;
let best: Seeded;

beforeAll(async () => {
  servers = await startFleetServers(resolver);
  hosts = servers.app.get(HostsService);
  // Its own rounds, in the midst of a test, would leave it nothing to find.
  await servers.app.get(HostsUpkeep).onModuleDestroy();
  upkeep = newUpkeep();
  owner = new pg.Client({ connectionString: servers.postgresUrl });
  await owner.connect();
  [acme, best] = [await seedTenant(servers.database, 'acme'), await seedTenant(servers.database, 'best')];
  for (const tenant of [acme, best]) {
    await servers.database.inTenant(tenant.tenantId, (tx) => seedDraft(tx, tenant));
    await servers.app.get(RevisionsService).publish(tenant.access, 'production', '', false);
  }
});
afterAll(async () => {
  await owner.end();
  await servers.stop();
});
beforeEach(async () => {
  records.clear();
  silent.clear();
  asked.length = 0;
  onLook = async () => undefined;
  await owner.query('DELETE FROM sluice.host_claims; DELETE FROM auth.attempt');
});

const newUpkeep = (): HostsUpkeep =>
  new HostsUpkeep(servers.database, servers.app.get(HostChecks), {
    warn: (): never => expect.fail('upkeep failed'),
  } as never);
const claim = async ({ access }: Seeded, host: string): Promise<HostClaim> =>
  hosts.claim(access, 'production', host, undefined);
const verify = async ({ access }: Seeded, host: string): Promise<HostClaim> => hosts.verify(access, 'production', host);
const read = async ({ access }: Seeded, host: string): Promise<HostClaim> => hosts.read(access, 'production', host);
const setRecord = ({ record: { name, value } }: HostClaim): unknown =>
  records.set(name, [...(records.get(name) ?? []), value]);

async function proven(tenant: Seeded, host: string): Promise<HostClaim> {
  setRecord(await claim(tenant, host));
  const now = await verify(tenant, host);
  expect(now).toMatchObject({ state: 'proven', isServed: true, problem: null });
  return now;
}

/** What the gateways were told last. */
async function told({ environmentId }: Seeded): Promise<{ hosts: string[]; position: number }> {
  const entries = await servers.app.get(FeedReader).entriesAfter('default', 0);
  const last = entries.findLast((entry) => entry.environmentId === environmentId && entry.lane === 3);
  if (last === undefined) throw new Error('the gateways were told nothing');
  return { hosts: (last.change as EnvironmentChange).hosts, position: last.position };
}

/** As if so much time had passed since everything that is known of the claims. */
async function pass(hours: number): Promise<void> {
  const columns = ['proven_at', 'failing_since', 'checked_at', 'next_check_at', 'created_at'];
  const earlier = columns.map((column) => `${column} = ${column} - make_interval(hours => ${hours})`);
  await owner.query(`UPDATE sluice.host_claims SET ${earlier.join(', ')}`);
}

async function refused(work: Promise<unknown>): Promise<Refusal> {
  return work.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      return error;
    },
  );
}

describe('a claimed host', () => {
  it('is told to the gateways when its record is found, without another publication, and taken back on release', async () => {
    const made = await claim(acme, 'API.Acme.com.');
    expect(made).toMatchObject({
      host: 'api.acme.com',
      state: 'pending',
      isServed: false,
      record: { type: 'TXT', name: '_sluice-challenge.api.acme.com' },
    });
    expect(await verify(acme, 'api.acme.com')).toMatchObject({ state: 'pending', problem: 'missing' });
    expect((await told(acme)).hosts).toEqual(['acme.localhost']);
    setRecord(made);
    expect(await verify(acme, 'api.acme.com')).toMatchObject({ state: 'proven', isServed: true });
    expect((await told(acme)).hosts).toEqual(['acme.localhost', 'api.acme.com']);
    await hosts.release(acme.access, 'production', 'api.acme.com');
    expect((await told(acme)).hosts).toEqual(['acme.localhost']);
    expect((await refused(read(acme, 'api.acme.com'))).code).toBe('not_found');
  });

  it('is proven for all names below it at the domain above them', async () => {
    const { record } = await proven(acme, '*.acme.com');
    expect(record.name).toBe('_sluice-challenge.acme.com');
    expect((await told(acme)).hosts).toContain('*.acme.com');
  });

  it('is claimed once by an environment, in whatever form it is written', async () => {
    await claim(acme, 'bücher.acme.com');
    expect((await refused(claim(acme, 'XN--BCHER-KVA.acme.com'))).code).toBe('name_taken');
    expect(await read(acme, 'BÜCHER.acme.com.')).toMatchObject({ host: 'xn--bcher-kva.acme.com' });
  });

  it('of the platform itself is refused, and no claim takes every host', async () => {
    for (const host of ['best.localhost', 'localhost', '*.localhost', 'v2.acme.localhost', '*', '*.com'])
      expect(await refused(claim(acme, host))).toMatchObject({ code: 'invalid_body', errors: [{ pointer: '/host' }] });
  });

  it('that was released proves nothing by its old record', async () => {
    const first = await proven(acme, 'api.acme.com');
    await hosts.release(acme.access, 'production', 'api.acme.com');
    const second = await claim(acme, 'api.acme.com');
    expect(second.record.value).not.toBe(first.record.value);
    expect(await verify(acme, 'api.acme.com')).toMatchObject({ state: 'pending', problem: 'different' });
  });

  it('is one of a hundred of an environment at most', async () => {
    await owner.query(
      `INSERT INTO sluice.host_claims (id, tenant_id, environment_id, fleet_id, host, challenge, state)
       SELECT 'hst_' || lpad(n::text, 32, '0'), $1, $2, 'default', n || '.acme.com', 'c', 'pending' FROM generate_series(1, 99) n`,
      [acme.tenantId, acme.environmentId],
    );
    const both = await Promise.allSettled([claim(acme, 'x.acme.com'), claim(acme, 'y.acme.com')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await refused(claim(acme, 'z.acme.com'))).code).toBe('state_conflict');
  });
});

describe('a host that two tenants claim', () => {
  it('is kept from nobody by a claim that is not proven', async () => {
    await claim(acme, 'api.best.com');
    await proven(best, 'api.best.com');
    expect((await told(best)).hosts).toContain('api.best.com');
    expect(await verify(acme, 'api.best.com')).toMatchObject({ state: 'pending', problem: 'different' });
  });

  it('stays with who has proven it: the other is told so once they have proven it too, and not before', async () => {
    await proven(acme, 'api.acme.com');
    const second = await claim(best, 'api.acme.com');
    records.delete(second.record.name);
    expect(await verify(best, 'api.acme.com')).toMatchObject({ problem: 'missing' });
    setRecord(second);
    expect(await verify(best, 'api.acme.com')).toMatchObject({ state: 'pending', isServed: false, problem: 'held' });
    expect((await told(best)).hosts).not.toContain('api.acme.com');
    await hosts.release(acme.access, 'production', 'api.acme.com');
    expect(await verify(best, 'api.acme.com')).toMatchObject({ state: 'proven', problem: null });
    const [before, after] = [await told(acme), await told(best)];
    expect(before.hosts).not.toContain('api.acme.com');
    expect(after.hosts).toContain('api.acme.com');
    expect(before.position).toBeLessThan(after.position);
  });

  it('goes to one of them when both are found at the same moment', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const host = `race-${turn}.acme.com`;
      for (const tenant of [acme, best]) setRecord(await claim(tenant, host));
      const [both, go] = [Promise.withResolvers<undefined>(), asked.length];
      onLook = async () => {
        if (asked.length === go + 2) both.resolve(undefined);
        await both.promise;
      };
      const claims = await Promise.all([verify(acme, host), verify(best, host)]);
      expect(claims.map(({ state }) => state).toSorted()).toEqual(['pending', 'proven']);
      expect(claims.find(({ state }) => state === 'pending')?.problem).toBe('held');
      const holders = [await told(acme), await told(best)].filter((one) => one.hosts.includes(host));
      expect(holders).toHaveLength(1);
    }
  });

  it('is held by one row, whatever code writes it', async () => {
    await proven(acme, 'api.acme.com');
    await claim(best, 'api.acme.com');
    const steal = owner.query(`UPDATE sluice.host_claims SET state = 'proven', held_host = host WHERE tenant_id = $1`, [
      best.tenantId,
    ]);
    await expect(steal).rejects.toMatchObject({ code: '23505' });
    const hide = owner.query(`UPDATE sluice.host_claims SET state = 'proven' WHERE tenant_id = $1`, [best.tenantId]);
    await expect(hide).rejects.toMatchObject({ code: '23514' });
  });

  it('of two environments of one tenant serves the one that proved it first', async () => {
    const staging: Access = acme.access;
    const id = `env_${'e'.repeat(32)}`;
    await servers.database.inTenant(acme.tenantId, async (tx) =>
      tx.environment.create({ data: { id, tenantId: acme.tenantId, fleetId: 'default', name: 'staging' } }),
    );
    await proven(acme, 'api.acme.com');
    setRecord(await hosts.claim(staging, 'staging', 'api.acme.com', undefined));
    expect(await hosts.verify(staging, 'staging', 'api.acme.com')).toMatchObject({ state: 'pending', problem: 'held' });
    await servers.database.inTenant(acme.tenantId, async (tx) => tx.environment.delete({ where: { id } }));
  });
});

describe('upkeep', () => {
  it('proves what waits, in the order of time, and tells the gateways', async () => {
    setRecord(await claim(acme, 'api.acme.com'));
    expect(await upkeep.look()).toBe(0);
    await pass(1);
    expect(await upkeep.look()).toBe(1);
    expect(await read(acme, 'api.acme.com')).toMatchObject({ state: 'proven' });
    expect((await told(acme)).hosts).toContain('api.acme.com');
  });

  it('gives a host up days after its record has gone, and takes it back when the record is there again', async () => {
    const claimed = await proven(acme, 'api.acme.com');
    records.clear();
    for (let look = 1; look <= 4; look += 1) {
      await pass(25);
      expect(await upkeep.look()).toBe(1);
      const { state, isServed } = await read(acme, 'api.acme.com');
      expect({ look, state, isServed }).toEqual({
        look,
        state: look < 4 ? 'failing' : 'lapsed',
        isServed: look < 4,
      });
      expect((await told(acme)).hosts.includes('api.acme.com')).toBe(look < 4);
    }
    setRecord(claimed);
    await pass(7);
    await upkeep.look();
    expect(await read(acme, 'api.acme.com')).toMatchObject({ state: 'proven' });
    expect((await told(acme)).hosts).toContain('api.acme.com');
  });

  it('gives nothing up while the name servers fail, for however long', async () => {
    const { record } = await proven(acme, 'api.acme.com');
    records.clear();
    silent.add(record.name);
    for (let look = 0; look < 40; look += 1) {
      await pass(25);
      expect(await upkeep.look()).toBe(1);
    }
    expect(await read(acme, 'api.acme.com')).toMatchObject({ state: 'proven', isServed: true, problem: 'unanswered' });
    expect((await told(acme)).hosts).toContain('api.acme.com');
  });

  it('of several control planes looks for each record once', async () => {
    for (let n = 0; n < 30; n += 1) await claim(n % 2 === 0 ? acme : best, `host-${n}.acme.com`);
    await pass(1);
    await Promise.all([newUpkeep(), newUpkeep(), newUpkeep()].map(async (one) => one.look()));
    expect(asked.toSorted()).toEqual(
      Array.from({ length: 30 }, (_, n) => `_sluice-challenge.host-${n}.acme.com`).toSorted(),
    );
  });

  it('keeps no tenant waiting for the silent name servers of another', async () => {
    for (let n = 0; n < 40; n += 1) await claim(acme, `silent-${n}.acme.com`);
    await claim(best, 'api.best.com');
    await pass(1);
    await owner.query(
      "UPDATE sluice.host_claims SET next_check_at = next_check_at + interval '1 minute' WHERE host = 'api.best.com'",
    );
    const mayEnd = Promise.withResolvers<undefined>();
    onLook = async (name) => {
      if (name.includes('silent')) await mayEnd.promise;
    };
    const running = upkeep.look();
    await waitFor(() => asked.includes('_sluice-challenge.api.best.com'), { what: 'the other tenant has its turn' });
    expect(asked.filter((name) => name.includes('silent')).length).toBeLessThan(40);
    mayEnd.resolve(undefined);
    await running;
    expect(asked).toHaveLength(41);
  });

  it('notes in the audit log what became of a host, and not that nothing did', async () => {
    const entries = async (): Promise<number> =>
      (await owner.query("SELECT FROM sluice.audit_entries WHERE action = 'upkeep'")).rowCount ?? 0;
    setRecord(await claim(acme, 'api.acme.com'));
    const before = await entries();
    await pass(1);
    await upkeep.look();
    expect(await entries()).toBe(before + 1);
    await pass(25);
    await upkeep.look();
    expect(await entries()).toBe(before + 1);
    records.clear();
    await pass(25);
    await upkeep.look();
    expect(await entries()).toBe(before + 2);
  });

  it('puts no host of a suspended tenant on the gateways', async () => {
    setRecord(await claim(acme, 'api.acme.com'));
    await owner.query('UPDATE sluice.tenants SET suspended_at = now() WHERE id = $1', [acme.tenantId]);
    const { position } = await told(acme);
    await pass(1);
    await upkeep.look();
    expect(await read(acme, 'api.acme.com')).toMatchObject({ state: 'proven' });
    expect((await told(acme)).position).toBe(position);
    await owner.query('UPDATE sluice.tenants SET suspended_at = NULL WHERE id = $1', [acme.tenantId]);
  });
});

test('where no proof is asked for, whoever claims a host first has it, and nobody else', async () => {
  const { database, app } = servers;
  const config = { ...servers.config, hosts: { ...servers.config.hosts, proof: 'none' as const } };
  const checks = new HostChecks(config, database, resolver);
  const trusting = new HostsService(config, database, app.get(attemptsToken), checks);
  const claimed = async ({ access }: Seeded): Promise<HostClaim> =>
    trusting.claim(access, 'production', 'api.acme.com', undefined);
  expect(await claimed(acme)).toMatchObject({ state: 'proven', isServed: true, problem: null });
  expect((await told(acme)).hosts).toContain('api.acme.com');
  expect(await claimed(best)).toMatchObject({ state: 'pending', isServed: false, problem: 'held' });
  expect(asked).toEqual([]);
  // Asked for again later, proof is looked for as of any other.
  await pass(25);
  await upkeep.look();
  expect(await read(acme, 'api.acme.com')).toMatchObject({ state: 'failing', isServed: true });
});

test('an environment that is deleted lets go of its hosts', async () => {
  const id = `env_${'d'.repeat(32)}`;
  const { tenantId, access } = acme;
  await servers.database.inTenant(tenantId, async (tx) =>
    tx.environment.create({ data: { id, tenantId, fleetId: 'default', name: 'staging' } }),
  );
  setRecord(await hosts.claim(access, 'staging', 'api.acme.com', undefined));
  expect(await hosts.verify(access, 'staging', 'api.acme.com')).toMatchObject({ state: 'proven' });
  await servers.database.inTenant(tenantId, async (tx) =>
    retireEnvironment(access, tx, await findEnvironment(tenantId, tx, 'staging')),
  );
  await proven(best, 'api.acme.com');
});

test('a publication and a proof at the same moment leave the gateways with both', async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    const host = `both-${turn}.acme.com`;
    setRecord(await claim(acme, host));
    await servers.database.inTenant(acme.tenantId, async (tx) =>
      tx.plan.updateMany({ where: { tenantId: acme.tenantId }, data: { title: `Turn ${turn}` } }),
    );
    const [published] = await Promise.all([
      servers.app.get(RevisionsService).publish(acme.access, 'production', '', false),
      verify(acme, host),
    ]);
    const entries = await servers.app.get(FeedReader).entriesAfter('default', 0);
    const last = entries.findLast((entry) => entry.environmentId === acme.environmentId && entry.lane === 3);
    expect(last?.change).toMatchObject({
      revision: published.number,
      hosts: expect.arrayContaining([host]) as string[],
    });
  }
});

test('looks are so many a minute for a tenant, and one tenant’s leave the others theirs', async () => {
  await claim(acme, 'api.acme.com');
  await claim(best, 'api.best.com');
  for (let look = 0; look < 20; look += 1) await verify(acme, 'api.acme.com');
  const { code, headers } = await refused(verify(acme, 'api.acme.com'));
  expect({ code, wait: Number(headers?.['retry-after']) > 0 }).toEqual({ code: 'too_many_attempts', wait: true });
  expect(asked).toHaveLength(20);
  await verify(best, 'api.best.com');
});

test('a document that names hosts which are not proven is published; one that names a host of the platform is not', async () => {
  const update = async (match: object): Promise<void> => {
    const spec = { match, answer: { status: 200, contentType: 'text/plain', body: 'hi' } };
    await owner.query("UPDATE sluice.routes SET spec = $2 WHERE tenant_id = $1 AND name = 'all'", [
      acme.tenantId,
      spec,
    ]);
  };
  const publish = async (): Promise<unknown> =>
    servers.app.get(RevisionsService).publish(acme.access, 'production', '', false);
  await update({ hosts: ['acme.localhost', 'api.acme.com', '*.shop.acme.com'], path: { prefix: '/orders' } });
  await publish();
  await update({ hosts: ['best.localhost'], path: { prefix: '/orders' } });
  expect(await refused(publish())).toMatchObject({
    code: 'invalid_document',
    errors: [{ pointer: '/apis/orders/routes/0/match/hosts/0' }],
  });
});
