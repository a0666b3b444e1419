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

/** Entries with these texts, of a tenant; their numbers are 1, 2, ... */
async function logged(tenantId: string, texts: readonly string[]): Promise<void> {
  await superuser.query(
    `INSERT INTO sluice.audit_entries (tenant_id, id, action, objects, content, digest)
     SELECT $1, 'aud_' || $1 || place, 'test', '{}', jsonb_build_object('title', words), 'digest'
     FROM unnest($2::text[]) WITH ORDINALITY AS one (words, place) ORDER BY place`,
    [tenantId, texts],
  );
}

async function erased(id: string, identityId: string, email: string): Promise<void> {
  await superuser.query('INSERT INTO sluice.erasures (id, identity_id, email) VALUES ($1, $2, $3)', [
    id,
    identityId,
    email,
  ]);
}

test.each([
  ['idn_01', 'nat@acme.test'],
  ['idn_02', "pat.o'neil+x@acme.test"],
])('%s, %s is found wherever a log says the id or the whole address, and nobody else is', async (id, email) => {
  const [tenantId, erasureId] = [`ten_${id}`, `ers_${id}`];
  const of = [
    id,
    `by ${id}, who left`,
    email,
    email.toUpperCase(),
    `ask ${email}.`,
    `first line\n${email}\nlast line`,
    `C:\\n${email}`,
    `mailto:${email}?subject=x`,
    `two@${email}`,
    `others@acme.test, ${email}, idn_03`,
  ];
  const ofOthers = [
    'idn_03',
    `x.${email}`,
    `${email}.example`,
    `${email}ing`,
    'neil+x@acme.test',
    `n${email}`,
    'no address',
    '@',
  ];
  await logged(tenantId, [...of, ...ofOthers]);
  await erased(erasureId, id, email);
  while ((await forget(erasureId, 3)) === true);
  const { rows } = await superuser.query<{ words: string | null }>(
    "SELECT content ->> 'title' AS words FROM sluice.audit_entries WHERE tenant_id = $1 ORDER BY seq",
    [tenantId],
  );
  expect(rows.map(({ words }) => words)).toEqual([...of.map(() => null), ...ofOthers]);
});

test('the entries that speak of a person are read, and not the logs of everybody', async () => {
  await logged(
    'ten_long',
    Array.from({ length: 200 }, (_, n) => `idn_1${n} person-${n}@acme.test`),
  );
  await logged('ten_one', ['by leaver@acme.test']);
  await erased('ers_leaver', 'idn_leaver', 'leaver@acme.test');
  expect([await forget('ers_leaver', 10), await forget('ers_leaver', 10)]).toEqual([true, false]);
  const { rows } = await superuser.query(
    "SELECT cleared FROM sluice.erasures WHERE id = 'ers_leaver' AND email IS NULL",
  );
  expect(rows).toEqual([{ cleared: 1 }]);
});

async function forget(id: string, most: number): Promise<boolean | undefined> {
  const { rows } = await superuser.query<{ more: boolean }>('SELECT sluice.forget_erased($1, $2) AS more', [id, most]);
  return rows[0]?.more;
}

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
  const { rows } = await superuser.query(
    "SELECT id, email FROM sluice.erasures WHERE finished_at IS NOT NULL AND id LIKE 'era%'",
  );
  expect(rows).toEqual([{ id: 'era_3', email: null }]);
});
