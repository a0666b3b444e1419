// What the control plane is filled with before it is measured: tenants that have published, each with its keys, made by the
// control plane's own code; and one long list.
import { createHash } from 'node:crypto';
import { newId } from '@sluice/contracts';
import { createLogger, parseConfig } from '@sluice/runtime';
import { configSchema, type Config } from '../dist/config.js';
import { openDatabases } from '../dist/database/databases.js';
import { appendToFeed } from '../dist/fleet/append-to-feed.js';
import { credentialChange, subscriptionChange } from '../dist/fleet/changes.js';
import { publishIn } from '../dist/publish/publish-in.js';
import type { ControlPlane } from '../test/support/control-plane.js';
import { connectSuperuser } from '../test/support/superuser.js';

export const routesATenant = 10;
export const keysATenant = 100;

export const slugOf = (tenant: number): string => `bench-${tenant}`;
export const keyOf = (tenant: number, number: number): string =>
  `bench_${tenant}_${number}_0123456789abcdef0123456789abcdef`;

export interface SeededTenant {
  readonly environmentId: string;
  readonly subscriptionId: string;
  /** In the order of their numbers. */
  readonly credentialIds: readonly string[];
}

/** `email` is the owner of all of them, who has signed up. */
export async function seedTenants(
  plane: ControlPlane,
  email: string,
  count: number,
  upstreamUrl: string,
  say: (line: string) => void,
): Promise<SeededTenant[]> {
  const superuser = await connectSuperuser(plane.postgresUrl);
  const [identity] = await superuser.query<{ id: string }>('SELECT id FROM auth.identity WHERE email = $1', [email]);
  await superuser.end();
  if (identity === undefined) throw new Error(`${email} has not signed up`);
  const config = configOf(plane);
  const databases = await openDatabases(config.database, createLogger('bench', 'silent'));
  try {
    const seeded: SeededTenant[] = [];
    for (let tenant = 0; tenant < count; tenant += 1) {
      seeded.push(await seedTenant(databases.database, config, { email, id: identity.id }, tenant, upstreamUrl));
      if ((tenant + 1) % 100 === 0) say(`${tenant + 1} of ${count} tenants have published`);
    }
    return seeded;
  } finally {
    await databases.close();
  }
}

async function seedTenant(
  database: Awaited<ReturnType<typeof openDatabases>>['database'],
  config: Config,
  owner: { readonly id: string; readonly email: string },
  tenant: number,
  upstreamUrl: string,
): Promise<SeededTenant> {
  const [tenantId, environmentId] = [newId('tenant'), newId('environment')];
  const [apiId, planId] = [newId('api'), newId('plan')];
  const [developerId, applicationId, subscriptionId] = [
    newId('developer'),
    newId('application'),
    newId('subscription'),
  ];
  const slug = slugOf(tenant);
  const credentialIds = Array.from({ length: keysATenant }, () => newId('credential'));
  await database.inTenant(
    tenantId,
    async (tx) => {
      await tx.tenant.create({ data: { id: tenantId, slug, title: slug } });
      await tx.environment.create({ data: { id: environmentId, tenantId, fleetId: 'default', name: 'production' } });
      const member = { id: newId('member'), tenantId, identityId: owner.id, email: owner.email, name: 'Bench' };
      await tx.member.create({ data: { ...member, role: 'owner', state: 'active' } });
      const spec = { targets: [{ url: upstreamUrl }] };
      await tx.upstream.create({ data: { id: newId('upstream'), tenantId, environmentId, name: 'shop', spec } });
      const api = { id: apiId, tenantId, environmentId, name: 'shop', title: 'Shop', version: 'v1' };
      await tx.api.create({ data: api });
      await tx.route.createMany({
        data: Array.from({ length: routesATenant }, (_, index) => ({
          id: newId('route'),
          tenantId,
          apiId,
          name: `route-${index}`,
          spec: {
            match: { path: { prefix: `/route-${index}` } },
            policies: [{ 'api-key': {} }],
            split: { arms: [{ name: 'stable', upstream: 'shop', weight: 10_000 }] },
          },
        })),
      });
      const plan = { id: planId, tenantId, environmentId, name: 'free', title: 'Free', apis: ['shop'] };
      await tx.plan.create({ data: { ...plan, limits: [{ quota: '1000000/month' }] } });
      const developer = { id: developerId, tenantId, identityId: owner.id, email: owner.email, name: 'Bench' };
      await tx.developer.create({ data: developer });
      await tx.application.create({
        data: { id: applicationId, tenantId, environmentId, developerId, title: 'Bench' },
      });
      const subscription = await tx.subscription.create({
        data: { id: subscriptionId, tenantId, environmentId, applicationId, planId, state: 'active', revision: 1 },
      });
      const credentials = await tx.credential.createManyAndReturn({
        data: credentialIds.map((id, number) => ({
          id,
          tenantId,
          environmentId,
          subscriptionId,
          name: `Key ${number}`,
          hash: createHash('sha256').update(keyOf(tenant, number)).digest('hex'),
          hint: 'bench',
          state: 'active',
        })),
      });
      const publication = {
        tenant: { tenantId, tenantSlug: slug },
        environmentName: 'production',
        author: owner.email,
      };
      await publishIn(tx, { config, ...publication, comment: '' });
      await appendToFeed(tx, 'default', tenantId, environmentId, [
        subscriptionChange(subscription, { name: 'free' }),
        ...credentials.map(credentialChange),
      ]);
    },
    { timeoutMs: 60_000 },
  );
  return { environmentId, subscriptionId, credentialIds };
}

/** Many applications of one tenant. */
export async function longList(postgresUrl: string, count: number, slug: string): Promise<void> {
  const superuser = await connectSuperuser(postgresUrl);
  try {
    await superuser.tamper(
      `INSERT INTO sluice.applications (id, tenant_id, environment_id, developer_id, title, updated_at)
       SELECT 'app_' || md5(number::text), one.tenant_id, one.environment_id, one.developer_id, 'Application ' || number, now()
       FROM generate_series(1, $1::int) AS number,
         (SELECT application.* FROM sluice.applications application JOIN sluice.tenants tenant ON tenant.id = application.tenant_id
          WHERE tenant.slug = $2 LIMIT 1) AS one`,
      [count, slug],
    );
  } finally {
    await superuser.end();
  }
}

function configOf({ env }: ControlPlane): Config {
  const parsed = parseConfig(configSchema, env);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.config;
}
