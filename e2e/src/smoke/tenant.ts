// What the smoke needs to send traffic: a tenant with an API on two upstream versions under a limit, and one
// key, all made through the public API.
import { randomBytes } from 'node:crypto';
import type { Application, CredentialWithKey, Delivery, Environment, Revision, Subscription } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import type { ControlClient } from '../control-client.js';

export interface SmokeTenant {
  readonly slug: string;
  readonly host: string;
  readonly path: string;
  readonly keyHeader: string;
  readonly key: string;
  readonly subscriptionId: string;
  /** `/v1/tenants/<slug>/environments/production` */
  readonly base: string;
}

export interface SmokeTenantOptions {
  readonly window: string;
  readonly canaryBps: number;
  /** Origins of the demo upstream, v1 and v2. */
  readonly upstreams: readonly [string, string];
}

export async function createSmokeTenant(client: ControlClient, options: SmokeTenantOptions): Promise<SmokeTenant> {
  const slug = `smoke-${randomBytes(4).toString('hex')}`;
  await client.signUp(`${slug}@smoke.test`, randomBytes(18).toString('base64url'));
  await client.post('/v1/tenants', { slug, title: 'Smoke' });
  const base = `/v1/tenants/${slug}/environments/production`;

  const [v1, v2] = options.upstreams;
  await client.post(`${base}/upstreams`, { name: 'orders-v1', targets: [{ url: v1 }] });
  await client.post(`${base}/upstreams`, { name: 'orders-v2', targets: [{ url: v2 }] });
  await client.post(`${base}/apis`, { name: 'orders', title: 'Orders' });
  await client.post(`${base}/apis/orders/routes`, {
    name: 'orders',
    match: { path: { prefix: '/api' } },
    strip: '/api',
    policies: [{ 'api-key': { header: 'x-api-key' } }],
    split: {
      sticky: 'none',
      arms: [
        { name: 'stable', upstream: 'orders-v1', weight: 10_000 - options.canaryBps },
        { name: 'canary', upstream: 'orders-v2', weight: options.canaryBps },
      ],
    },
  });
  await client.post(`${base}/plans`, {
    name: 'smoke',
    title: 'Smoke',
    apis: ['orders'],
    limits: [{ window: options.window }],
  });
  await client.post<Revision>(`${base}/publish?wait=applied`, { comment: 'smoke' });

  const application = await client.post<Application>(`${base}/applications`, { title: 'Smoke client' });
  const subscription = await client.post<Subscription>(`${base}/applications/${application.id}/subscriptions`, {
    plan: 'smoke',
  });
  const credential = await client.post<CredentialWithKey>(`${base}/subscriptions/${subscription.id}/credentials`, {
    name: 'Smoke',
  });
  await waitFor(
    async () => (await client.get<Delivery>(`/v1/portal/${slug}/delivery?position=${credential.position}`)).isDelivered,
    {
      timeoutMs: 15_000,
      what: 'every live gateway has the key',
    },
  );

  const environment = await client.get<Environment>(base);
  return {
    slug,
    base,
    host: new URL(environment.publicUrl).host,
    path: '/api/orders',
    keyHeader: 'x-api-key',
    key: credential.key,
    subscriptionId: subscription.id,
  };
}

/** A window of a day, or of 36 hours when the day is about to end: it must not roll over during the run. */
export function windowOf(units: number, nowMs = Date.now()): string {
  const hourMs = 3_600_000;
  const isDayAboutToEnd = nowMs % (24 * hourMs) > 23.5 * hourMs;
  return isDayAboutToEnd ? `${units}/${nowMs % (36 * hourMs) > 35.5 * hourMs ? '35h' : '36h'}` : `${units}/day`;
}
