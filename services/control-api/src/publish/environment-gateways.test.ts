import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedDraft, seedTenant, startFleetServers, type FleetServers, type Seeded } from '../testing/fleet-servers.js';
import { EnvironmentGatewaysController } from './environment-gateways.controller.js';
import { RevisionsService } from './revisions.service.js';

let servers: FleetServers;
let superuser: pg.Client;
let acme: Seeded;

beforeAll(async () => {
  servers = await startFleetServers();
  superuser = new pg.Client({ connectionString: servers.postgresUrl });
  await superuser.connect();
  acme = await seedTenant(servers.database, 'acme');
  await servers.database.inTenant(acme.tenantId, async (tx) => seedDraft(tx, acme));
});
afterAll(async () => {
  await superuser.end();
  await servers.stop();
});

const list = async (seeded: Seeded) => {
  const { items } = await new EnvironmentGatewaysController(servers.database).list(seeded.access, 'production');
  return items.map(({ id, state, revision }) => [id, state, revision]);
};
const heard = async (id: string, secondsAgo: number): Promise<unknown> =>
  superuser.query(
    `INSERT INTO sluice.gateways (fleet_id, id, boot_id, version, position, last_heartbeat_at)
     VALUES ('default', $1, 'boot', '0.1.0', 0, clock_timestamp() - make_interval(secs => $2))`,
    [id, secondsAgo],
  );
const answered = async (id: string, revision: number): Promise<unknown> =>
  superuser.query(
    `INSERT INTO sluice.receipts (tenant_id, environment_id, revision, fleet_id, gateway_id, state, refusals, at)
     VALUES ($1, $2, $3, 'default', $4, 'applied', '[]', clock_timestamp())`,
    [acme.tenantId, acme.environmentId, revision, id],
  );

test('a gateway that is not heard of is silent, one without the live revision stale, and what others answered says nothing', async () => {
  await heard('gw-live', 1);
  await heard('gw-silent', 60);
  await heard('gw-gone', 90_000);
  await heard('gw-revoked', 1);
  await heard('gw-ended', 60);
  await superuser.query("UPDATE sluice.gateways SET activity = 'drained' WHERE id = 'gw-ended'");
  await superuser.query("UPDATE sluice.gateways SET revoked_at = now() WHERE id = 'gw-revoked'");
  expect(await list(acme)).toEqual([
    ['gw-live', 'live', null],
    ['gw-silent', 'silent', null],
  ]);
  const revisions = servers.app.get(RevisionsService);
  await revisions.publish(acme.access, 'production', '', false);
  await answered('gw-live', 1);
  await heard('gw-stale', 1);
  // It has a while for its answer.
  expect((await list(acme))[2]).toEqual(['gw-stale', 'live', null]);
  await superuser.query(`SET session_replication_role = replica`);
  await superuser.query(`UPDATE sluice.revisions SET created_at = created_at - interval '16 s'`);
  expect(await list(acme)).toEqual([
    ['gw-live', 'live', 1],
    ['gw-silent', 'silent', null],
    ['gw-stale', 'stale', null],
  ]);
  const other = await seedTenant(servers.database, 'other');
  expect((await list(other)).map(([, state, revision]) => [state, revision])).toEqual([
    ['live', null],
    ['silent', null],
    ['live', null],
  ]);
});
