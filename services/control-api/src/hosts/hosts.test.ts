// Claims on a real Postgres: who gets a host, and when the gateways are told.
import type { HostClaim } from '@sluice/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { findEnvironment } from '../environments/find-environment.js';
import { retireEnvironment } from '../environments/retire-environment.js';
import type { Access } from '../http/access.js';
import { Refusal } from '../http/refusal.js';
import { RevisionsService } from '../publish/revisions.service.js';
import type { Seeded } from '../testing/fleet-servers.js';
import { HostClaimants } from '../testing/host-claimants.js';
import { attemptsToken } from '../tokens.js';
import { HostChecks } from './host-checks.js';
import { HostsService } from './hosts.service.js';

let claimants: HostClaimants;
let acme: Seeded;
let best: Seeded;

beforeAll(async () => {
  claimants = await HostClaimants.start();
  ({ acme, best } = claimants);
});
afterAll(async () => claimants.stop());
beforeEach(async () => claimants.reset());

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
    const made = await claimants.claim(acme, 'API.Acme.com.');
    expect(made).toMatchObject({
      host: 'api.acme.com',
      state: 'pending',
      isServed: false,
      record: { type: 'TXT', name: '_sluice-challenge.api.acme.com' },
    });
    expect(await claimants.verify(acme, 'api.acme.com')).toMatchObject({ state: 'pending', problem: 'missing' });
    expect((await claimants.told(acme)).hosts).toEqual(['acme.localhost']);
    claimants.setRecord(made);
    expect(await claimants.verify(acme, 'api.acme.com')).toMatchObject({ state: 'proven', isServed: true });
    expect((await claimants.told(acme)).hosts).toEqual(['acme.localhost', 'api.acme.com']);
    await claimants.hosts.release(acme.access, 'production', 'api.acme.com');
    expect((await claimants.told(acme)).hosts).toEqual(['acme.localhost']);
    expect((await refused(claimants.read(acme, 'api.acme.com'))).code).toBe('not_found');
  });

  it('is proven for all names below it at the domain above them', async () => {
    const { record } = await claimants.proven(acme, '*.acme.com');
    expect(record.name).toBe('_sluice-challenge.acme.com');
    expect((await claimants.told(acme)).hosts).toContain('*.acme.com');
  });

  it('is claimed once by an environment, in whatever form it is written', async () => {
    await claimants.claim(acme, 'bücher.acme.com');
    expect((await refused(claimants.claim(acme, 'XN--BCHER-KVA.acme.com'))).code).toBe('name_taken');
    expect(await claimants.read(acme, 'BÜCHER.acme.com.')).toMatchObject({ host: 'xn--bcher-kva.acme.com' });
  });

  it('of the platform itself is refused, and no claim takes every host', async () => {
    for (const host of ['best.localhost', 'localhost', '*.localhost', 'v2.acme.localhost', '*', '*.com'])
      expect(await refused(claimants.claim(acme, host))).toMatchObject({
        code: 'invalid_body',
        errors: [{ pointer: '/host' }],
      });
  });

  it('that was released proves nothing by its old record', async () => {
    const first = await claimants.proven(acme, 'api.acme.com');
    await claimants.hosts.release(acme.access, 'production', 'api.acme.com');
    const second = await claimants.claim(acme, 'api.acme.com');
    expect(second.record.value).not.toBe(first.record.value);
    expect(await claimants.verify(acme, 'api.acme.com')).toMatchObject({ state: 'pending', problem: 'different' });
  });

  it('is one of a hundred of an environment at most', async () => {
    await claimants.owner.query(
      `INSERT INTO sluice.host_claims (id, tenant_id, environment_id, fleet_id, host, challenge, state)
       SELECT 'hst_' || lpad(n::text, 32, '0'), $1, $2, 'default', n || '.acme.com', 'c', 'pending' FROM generate_series(1, 99) n`,
      [acme.tenantId, acme.environmentId],
    );
    const both = await Promise.allSettled([claimants.claim(acme, 'x.acme.com'), claimants.claim(acme, 'y.acme.com')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await refused(claimants.claim(acme, 'z.acme.com'))).code).toBe('state_conflict');
  });
});

describe('a host that two tenants claim', () => {
  it('is kept from nobody by a claim that is not proven', async () => {
    await claimants.claim(acme, 'api.best.com');
    await claimants.proven(best, 'api.best.com');
    expect((await claimants.told(best)).hosts).toContain('api.best.com');
    expect(await claimants.verify(acme, 'api.best.com')).toMatchObject({ state: 'pending', problem: 'different' });
  });

  it('stays with who has proven it: the other is told so once they have proven it too, and not before', async () => {
    await claimants.proven(acme, 'api.acme.com');
    const second = await claimants.claim(best, 'api.acme.com');
    claimants.resolver.records.delete(second.record.name);
    expect(await claimants.verify(best, 'api.acme.com')).toMatchObject({ problem: 'missing' });
    claimants.setRecord(second);
    expect(await claimants.verify(best, 'api.acme.com')).toMatchObject({
      state: 'pending',
      isServed: false,
      problem: 'held',
    });
    expect((await claimants.told(best)).hosts).not.toContain('api.acme.com');
    await claimants.hosts.release(acme.access, 'production', 'api.acme.com');
    expect(await claimants.verify(best, 'api.acme.com')).toMatchObject({ state: 'proven', problem: null });
    const [before, after] = [await claimants.told(acme), await claimants.told(best)];
    expect(before.hosts).not.toContain('api.acme.com');
    expect(after.hosts).toContain('api.acme.com');
    expect(before.position).toBeLessThan(after.position);
  });

  it('goes to one of them when both are found at the same moment', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const host = `race-${turn}.acme.com`;
      for (const tenant of [acme, best]) claimants.setRecord(await claimants.claim(tenant, host));
      const [both, go] = [Promise.withResolvers<undefined>(), claimants.resolver.asked.length];
      claimants.resolver.onLook = async () => {
        if (claimants.resolver.asked.length === go + 2) both.resolve(undefined);
        await both.promise;
      };
      const claims = await Promise.all([claimants.verify(acme, host), claimants.verify(best, host)]);
      expect(claims.map(({ state }) => state).toSorted()).toEqual(['pending', 'proven']);
      expect(claims.find(({ state }) => state === 'pending')?.problem).toBe('held');
      const holders = [await claimants.told(acme), await claimants.told(best)].filter((one) =>
        one.hosts.includes(host),
      );
      expect(holders).toHaveLength(1);
    }
  });

  it('is held by one row, whatever code writes it', async () => {
    await claimants.proven(acme, 'api.acme.com');
    await claimants.claim(best, 'api.acme.com');
    const steal = claimants.owner.query(
      `UPDATE sluice.host_claims SET state = 'proven', held_host = host WHERE tenant_id = $1`,
      [best.tenantId],
    );
    await expect(steal).rejects.toMatchObject({ code: '23505' });
    const hide = claimants.owner.query(`UPDATE sluice.host_claims SET state = 'proven' WHERE tenant_id = $1`, [
      best.tenantId,
    ]);
    await expect(hide).rejects.toMatchObject({ code: '23514' });
  });

  it('of two environments of one tenant serves the one that proved it first', async () => {
    const staging: Access = acme.access;
    const id = `env_${'e'.repeat(32)}`;
    await claimants.servers.database.inTenant(acme.tenantId, async (tx) =>
      tx.environment.create({ data: { id, tenantId: acme.tenantId, fleetId: 'default', name: 'staging' } }),
    );
    await claimants.proven(acme, 'api.acme.com');
    claimants.setRecord(await claimants.hosts.claim(staging, 'staging', 'api.acme.com', undefined));
    expect(await claimants.hosts.verify(staging, 'staging', 'api.acme.com')).toMatchObject({
      state: 'pending',
      problem: 'held',
    });
    await claimants.servers.database.inTenant(acme.tenantId, async (tx) => tx.environment.delete({ where: { id } }));
  });
});

test('where no proof is asked for, whoever claims a host first has it, and nobody else', async () => {
  const { database, app, config: given } = claimants.servers;
  const config = { ...given, hosts: { ...given.hosts, proof: 'none' as const } };
  const checks = new HostChecks(config, database, claimants.resolver);
  const trusting = new HostsService(config, database, app.get(attemptsToken), checks);
  const claimed = async ({ access }: Seeded): Promise<HostClaim> =>
    trusting.claim(access, 'production', 'api.acme.com', undefined);
  expect(await claimed(acme)).toMatchObject({ state: 'proven', isServed: true, problem: null });
  expect((await claimants.told(acme)).hosts).toContain('api.acme.com');
  expect(await claimed(best)).toMatchObject({ state: 'pending', isServed: false, problem: 'held' });
  expect(claimants.resolver.asked).toEqual([]);
  // Asked for again later, proof is looked for as of any other.
  await claimants.pass(25);
  await claimants.upkeep().look();
  expect(await claimants.read(acme, 'api.acme.com')).toMatchObject({ state: 'failing', isServed: true });
});

test('an environment that is deleted lets go of its hosts', async () => {
  const id = `env_${'d'.repeat(32)}`;
  const { tenantId, access } = acme;
  await claimants.servers.database.inTenant(tenantId, async (tx) =>
    tx.environment.create({ data: { id, tenantId, fleetId: 'default', name: 'staging' } }),
  );
  claimants.setRecord(await claimants.hosts.claim(access, 'staging', 'api.acme.com', undefined));
  expect(await claimants.hosts.verify(access, 'staging', 'api.acme.com')).toMatchObject({ state: 'proven' });
  await claimants.servers.database.inTenant(tenantId, async (tx) =>
    retireEnvironment(access, tx, await findEnvironment(tenantId, tx, 'staging')),
  );
  await claimants.proven(best, 'api.acme.com');
});

test('a publication and a proof at the same moment leave the gateways with both', async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    const host = `both-${turn}.acme.com`;
    claimants.setRecord(await claimants.claim(acme, host));
    await claimants.servers.database.inTenant(acme.tenantId, async (tx) =>
      tx.plan.updateMany({ where: { tenantId: acme.tenantId }, data: { title: `Turn ${turn}` } }),
    );
    const [published] = await Promise.all([
      claimants.servers.app.get(RevisionsService).publish(acme.access, 'production', '', false),
      claimants.verify(acme, host),
    ]);
    expect(await claimants.told(acme)).toMatchObject({
      revision: published.number,
      hosts: expect.arrayContaining([host]) as string[],
    });
  }
});

test('looks are so many a minute for a tenant, and one tenant’s leave the others theirs', async () => {
  await claimants.claim(acme, 'api.acme.com');
  await claimants.claim(best, 'api.best.com');
  for (let look = 0; look < 20; look += 1) await claimants.verify(acme, 'api.acme.com');
  const { code, headers } = await refused(claimants.verify(acme, 'api.acme.com'));
  expect({ code, wait: Number(headers?.['retry-after']) > 0 }).toEqual({ code: 'too_many_attempts', wait: true });
  expect(claimants.resolver.asked).toHaveLength(20);
  await claimants.verify(best, 'api.best.com');
});

test('a document that names hosts which are not proven is published; one that names a host of the platform is not', async () => {
  const update = async (match: object): Promise<void> => {
    const spec = { match, answer: { status: 200, contentType: 'text/plain', body: 'hi' } };
    await claimants.owner.query("UPDATE sluice.routes SET spec = $2 WHERE tenant_id = $1 AND name = 'all'", [
      acme.tenantId,
      spec,
    ]);
  };
  const publish = async (): Promise<unknown> =>
    claimants.servers.app.get(RevisionsService).publish(acme.access, 'production', '', false);
  await update({ hosts: ['acme.localhost', 'api.acme.com', '*.shop.acme.com'], path: { prefix: '/orders' } });
  await publish();
  await update({ hosts: ['best.localhost'], path: { prefix: '/orders' } });
  expect(await refused(publish())).toMatchObject({
    code: 'invalid_document',
    errors: [{ pointer: '/apis/orders/routes/0/match/hosts/0' }],
  });
});
