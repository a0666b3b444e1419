// Whose turn it is to be forgotten, on a real Postgres.
import { createLogger } from '@sluice/runtime';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFleetServers, type FleetServers } from '../testing/fleet-servers.js';
import { feedPoolToken } from '../tokens.js';
import { ErasureUpkeep } from './erasure-upkeep.js';

let servers: FleetServers;
let superuser: pg.Client;

beforeAll(async () => {
  servers = await startFleetServers();
  superuser = new pg.Client({ connectionString: servers.postgresUrl });
  await superuser.connect();
});
afterAll(async () => {
  await superuser.end();
  await servers.stop();
});

test('erasures that fail each time, or whose account is still there, keep no other from its turn', async () => {
  await superuser.query(`
    INSERT INTO auth.identity (id, name, email) VALUES ('idn_here', 'Here', 'here@acme.test');
    INSERT INTO sluice.erasures (id, identity_id, email)
      SELECT 'era_1_' || n, 'idn_here', 'here@acme.test' FROM generate_series(1, 120) AS n;
    INSERT INTO sluice.erasures (id, identity_id, email)
      SELECT 'era_2_' || n, 'idn_bad', 'bad@acme.test' FROM generate_series(1, 120) AS n;
    INSERT INTO sluice.erasures (id, identity_id, email) VALUES ('era_3', 'idn_gone', 'gone@acme.test');
    CREATE FUNCTION pg_temp.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it fails'; END $$;
    CREATE TRIGGER fails BEFORE UPDATE ON sluice.erasures FOR EACH ROW WHEN (OLD.id LIKE 'era_2_%') EXECUTE FUNCTION pg_temp.fail()`);
  const upkeep = new ErasureUpkeep(servers.database, servers.app.get(feedPoolToken), createLogger('tests', 'silent'));
  upkeep.wake();
  await upkeep.settled();
  const { rows } = await superuser.query('SELECT id, email FROM sluice.erasures WHERE finished_at IS NOT NULL');
  expect(rows).toEqual([{ id: 'era_3', email: null }]);
});
