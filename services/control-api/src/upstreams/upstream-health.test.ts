// The health of targets, from what gateways tell to what a tenant reads, on real Postgres.
import type { UpstreamHealthReport } from '@sluice/contracts';
import { newId } from '@sluice/contracts';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ensureFleet } from '../fleet/ensure-fleet.js';
import { seedTenant, startFleetServers, type FleetServers, type Seeded } from '../testing/fleet-servers.js';
import { heartbeat, tell } from '../testing/gateway.js';
import { upstreamHealthRepository } from './upstream-health.repository.js';
import { UpstreamHealthService } from './upstream-health.service.js';

let servers: FleetServers;
let owner: pg.Client;
let service: UpstreamHealthService;
let acme: Seeded;
let tenants = 0;

beforeAll(async () => {
  servers = await startFleetServers();
  owner = new pg.Client({ connectionString: servers.postgresUrl });
  await owner.connect();
  service = new UpstreamHealthService(servers.database);
});
afterAll(async () => {
  await owner.end();
  await servers.stop();
});
beforeEach(async () => {
  await owner.query('DELETE FROM sluice.gateways; DELETE FROM sluice.upstream_health');
  tenants += 1;
  acme = await seedTenant(servers.database, `acme-${tenants}`);
});

type Target = UpstreamHealthReport['upstreams'][number]['targets'][number];
const since = Date.parse('2026-11-23T12:00:00Z');
const targetOf = (state: Target['state'], cause = '', address: string | null = null): Target => ({
  url: 'http://users.test',
  address,
  state,
  since,
  cause,
});

async function report(gatewayId: string, targets: Target[], of: Pick<Seeded, 'tenantId' | 'environmentId'> = acme) {
  const { tenantId, environmentId } = of;
  const reports = [{ tenantId, environmentId, upstreams: [{ name: 'users', targets }] }];
  expect(await tell(servers.url, 'upstream-health', { gatewayId, reports })).toBe(204);
}

const beat = (gatewayId: string): Promise<number> =>
  heartbeat(servers.url, gatewayId, { historyId: null, position: 0 });
const read = () => service.read(acme.access, 'production');

it('shows each target as each live gateway sees it', async () => {
  for (const gateway of ['gw_1', 'gw_2']) await beat(gateway);
  await report('gw_1', [targetOf('ejected', 'too many 5xx answers in a row', '10.0.0.1')]);
  await report('gw_2', [targetOf('healthy', '', '10.0.0.1'), targetOf('healthy', '', '10.0.0.2')]);
  const time = '2026-11-23T12:00:00.000Z';
  const well = { state: 'healthy', since: time, cause: '' };
  expect(await read()).toEqual({
    liveGateways: 2,
    upstreams: [
      {
        name: 'users',
        targets: [
          {
            url: 'http://users.test',
            address: '10.0.0.1',
            gateways: [
              { gatewayId: 'gw_1', state: 'ejected', since: time, cause: 'too many 5xx answers in a row' },
              { gatewayId: 'gw_2', ...well },
            ],
          },
          { url: 'http://users.test', address: '10.0.0.2', gateways: [{ gatewayId: 'gw_2', ...well }] },
        ],
      },
    ],
  });
});

it('is empty while nobody has told anything', async () => {
  expect(await read()).toEqual({ liveGateways: 0, upstreams: [] });
});

it('replaces what a gateway told before', async () => {
  await beat('gw_1');
  await report('gw_1', [targetOf('unhealthy', 'it answered the check with 500')]);
  await report('gw_1', [targetOf('healthy')]);
  expect((await read()).upstreams[0]?.targets[0]?.gateways).toMatchObject([{ state: 'healthy', cause: '' }]);
});

it('says nothing of a gateway that is silent', async () => {
  await beat('gw_1');
  await report('gw_1', [targetOf('healthy')]);
  await owner.query("UPDATE sluice.gateways SET last_heartbeat_at = now() - interval '16 seconds'");
  expect(await read()).toEqual({ liveGateways: 0, upstreams: [] });
});

it('is no other tenant’s to see, and no other tenant’s or fleet’s environment is written', async () => {
  const best = await seedTenant(servers.database, `best-${tenants}`);
  await beat('gw_1');
  await report('gw_1', [targetOf('healthy')]);
  expect((await service.read(best.access, 'production')).upstreams).toEqual([]);
  await report('gw_1', [targetOf('ejected')], { tenantId: acme.tenantId, environmentId: best.environmentId });
  expect((await service.read(best.access, 'production')).upstreams).toEqual([]);
  await owner.query(
    "INSERT INTO sluice.fleets (id, token_hash, history_id, incarnation) VALUES ('other', 'h', 'h', 'i') ON CONFLICT DO NOTHING",
  );
  await owner.query("UPDATE sluice.environments SET fleet_id = 'other' WHERE id = $1", [best.environmentId]);
  await report('gw_1', [targetOf('ejected')], best);
  const { rowCount } = await owner.query('SELECT FROM sluice.upstream_health WHERE environment_id = $1', [
    best.environmentId,
  ]);
  expect(rowCount).toBe(0);
});

it('of what is gone is taken and forgotten', async () => {
  await report('gw_1', [targetOf('healthy')], { tenantId: acme.tenantId, environmentId: newId('environment') });
  expect((await owner.query('SELECT FROM sluice.upstream_health')).rowCount).toBe(0);
});

it('of gateways that were silent for long is deleted, and of the others kept', async () => {
  await ensureFleet(servers.database, servers.config.fleet.token);
  for (const gateway of ['gw_1', 'gw_2']) {
    await beat(gateway);
    await report(gateway, [targetOf('healthy')]);
  }
  await owner.query("UPDATE sluice.gateways SET last_heartbeat_at = now() - interval '2 minutes' WHERE id = 'gw_1'");
  expect(
    await servers.database.inFleet('default', (tx) => upstreamHealthRepository.forget(tx, 'default', 60_000)),
  ).toBe(1);
  const { rows } = await owner.query<{ gateway_id: string }>('SELECT gateway_id FROM sluice.upstream_health');
  expect(rows).toEqual([{ gateway_id: 'gw_2' }]);
});
