// The records of claimed hosts are looked for again and again: what is proven, kept and given up by that, and what several control
// planes do at once.
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Seeded } from '../testing/fleet-servers.js';
import { HostClaimants } from '../testing/host-claimants.js';
import type { HostsUpkeep } from './hosts-upkeep.js';

let claimants: HostClaimants;
let acme: Seeded;
let best: Seeded;
let upkeep: HostsUpkeep;

beforeAll(async () => {
  claimants = await HostClaimants.start();
  ({ acme, best } = claimants);
  upkeep = claimants.upkeep();
});
afterAll(async () => claimants.stop());
beforeEach(async () => claimants.reset());

describe('upkeep', () => {
  it('proves what waits, in the order of time, and tells the gateways', async () => {
    claimants.setRecord(await claimants.claim(acme, 'api.acme.com'));
    expect(await upkeep.look()).toBe(0);
    await claimants.pass(1);
    expect(await upkeep.look()).toBe(1);
    expect(await claimants.read(acme, 'api.acme.com')).toMatchObject({ state: 'proven' });
    expect((await claimants.told(acme)).hosts).toContain('api.acme.com');
  });

  it('gives a host up days after its record has gone, and takes it back when the record is there again', async () => {
    const claimed = await claimants.proven(acme, 'api.acme.com');
    claimants.resolver.records.clear();
    for (let look = 1; look <= 4; look += 1) {
      await claimants.pass(25);
      expect(await upkeep.look()).toBe(1);
      const { state, isServed } = await claimants.read(acme, 'api.acme.com');
      expect({ look, state, isServed }).toEqual({
        look,
        state: look < 4 ? 'failing' : 'lapsed',
        isServed: look < 4,
      });
      expect((await claimants.told(acme)).hosts.includes('api.acme.com')).toBe(look < 4);
    }
    claimants.setRecord(claimed);
    await claimants.pass(7);
    await upkeep.look();
    expect(await claimants.read(acme, 'api.acme.com')).toMatchObject({ state: 'proven' });
    expect((await claimants.told(acme)).hosts).toContain('api.acme.com');
  });

  it('gives nothing up while the name servers fail, for however long', async () => {
    const { record } = await claimants.proven(acme, 'api.acme.com');
    claimants.resolver.records.clear();
    claimants.resolver.silent.add(record.name);
    for (let look = 0; look < 40; look += 1) {
      await claimants.pass(25);
      expect(await upkeep.look()).toBe(1);
    }
    expect(await claimants.read(acme, 'api.acme.com')).toMatchObject({
      state: 'proven',
      isServed: true,
      problem: 'unanswered',
    });
    expect((await claimants.told(acme)).hosts).toContain('api.acme.com');
  });

  it('of several control planes looks for each record once', async () => {
    for (let n = 0; n < 30; n += 1) await claimants.claim(n % 2 === 0 ? acme : best, `host-${n}.acme.com`);
    await claimants.pass(1);
    await Promise.all([claimants.upkeep(), claimants.upkeep(), claimants.upkeep()].map(async (one) => one.look()));
    expect(claimants.resolver.asked.toSorted()).toEqual(
      Array.from({ length: 30 }, (_, n) => `_sluice-challenge.host-${n}.acme.com`).toSorted(),
    );
  });

  it('keeps no tenant waiting for the silent name servers of another', async () => {
    for (let n = 0; n < 40; n += 1) await claimants.claim(acme, `silent-${n}.acme.com`);
    await claimants.claim(best, 'api.best.com');
    await claimants.pass(1);
    await claimants.owner.query(
      "UPDATE sluice.host_claims SET next_check_at = next_check_at + interval '1 minute' WHERE host = 'api.best.com'",
    );
    const mayEnd = Promise.withResolvers<undefined>();
    claimants.resolver.onLook = async (name) => {
      if (name.includes('silent')) await mayEnd.promise;
    };
    const running = upkeep.look();
    await waitFor(() => claimants.resolver.asked.includes('_sluice-challenge.api.best.com'), {
      what: 'the other tenant has its turn',
    });
    expect(claimants.resolver.asked.filter((name) => name.includes('silent')).length).toBeLessThan(40);
    mayEnd.resolve(undefined);
    await running;
    expect(claimants.resolver.asked).toHaveLength(41);
  });

  it('notes in the audit log what became of a host, and not that nothing did', async () => {
    const entries = async (): Promise<number> =>
      (await claimants.owner.query("SELECT FROM sluice.audit_entries WHERE action = 'upkeep'")).rowCount ?? 0;
    claimants.setRecord(await claimants.claim(acme, 'api.acme.com'));
    const before = await entries();
    await claimants.pass(1);
    await upkeep.look();
    expect(await entries()).toBe(before + 1);
    await claimants.pass(25);
    await upkeep.look();
    expect(await entries()).toBe(before + 1);
    claimants.resolver.records.clear();
    await claimants.pass(25);
    await upkeep.look();
    expect(await entries()).toBe(before + 2);
  });

  it('puts no host of a suspended tenant on the gateways', async () => {
    claimants.setRecord(await claimants.claim(acme, 'api.acme.com'));
    await claimants.owner.query('UPDATE sluice.tenants SET suspended_at = now() WHERE id = $1', [acme.tenantId]);
    const { position } = await claimants.told(acme);
    await claimants.pass(1);
    await upkeep.look();
    expect(await claimants.read(acme, 'api.acme.com')).toMatchObject({ state: 'proven' });
    expect((await claimants.told(acme)).position).toBe(position);
    await claimants.owner.query('UPDATE sluice.tenants SET suspended_at = NULL WHERE id = $1', [acme.tenantId]);
  });
});
