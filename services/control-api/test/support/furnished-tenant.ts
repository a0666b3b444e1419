// A tenant with one of everything, made through the API.
import type { CredentialWithKey, Developer, FirstRun, Member, Page, ServiceAccount } from '@sluice/contracts';
import type { ControlPlane } from './control-plane.js';
import { Person } from './person.js';

export interface FurnishedTenant {
  readonly owner: Person;
  readonly base: string;
  readonly key: string;
  /** A value for every path parameter. */
  readonly values: Readonly<Record<string, string>>;
}

export async function furnishTenant(plane: ControlPlane, slug: string): Promise<FurnishedTenant> {
  const owner = await new Person(plane, `owner@${slug}.test`).signUp();
  await owner.ask('POST', '/v1/tenants', { slug, title: slug });
  const base = `/v1/tenants/${slug}/environments/production`;
  const made = await owner.ask<FirstRun>('POST', `${base}/first-run`, {
    name: 'orders',
    title: 'Orders',
    upstreamUrl: 'demo',
  });
  await owner.ask('PUT', `${base}/secrets/furnished`, { value: `furnished-secret-of-${slug}` });
  const application = await owner.ask<{ id: string }>('POST', `${base}/applications`, { title: 'Application' });
  const subscription = await owner.ask<{ id: string }>('POST', `${base}/applications/${application.id}/subscriptions`, {
    plan: 'free',
  });
  const credential = await owner.ask<CredentialWithKey>(
    'POST',
    `${base}/subscriptions/${subscription.id}/credentials`,
    { name: 'Key' },
  );
  const { items: developers } = await owner.ask<Page<Developer>>('GET', `${base}/developers`);
  const member = await owner.ask<Member>('POST', `/v1/tenants/${slug}/members`, {
    email: `invited@${slug}.test`,
    role: 'viewer',
  });
  const account = await owner.ask<ServiceAccount>('POST', `/v1/tenants/${slug}/service-accounts`, {
    name: 'robot',
    role: 'developer',
  });
  const serviceToken = await owner.ask<{ id: string }>(
    'POST',
    `/v1/tenants/${slug}/service-accounts/${account.id}/tokens`,
    { name: 'Robot' },
  );
  const { host } = await owner.ask<{ host: string }>('POST', `${base}/hosts`, { host: `api.${slug}.test` });
  const personalToken = await owner.ask<{ id: string }>('POST', '/v1/me/tokens', { name: `Furnished ${slug}` });
  const values = {
    tenant: slug,
    environment: 'production',
    platformPlan: 'small',
    fleet: 'default',
    gateway: 'gw-furnished',
    registrationToken: 'frt_0192f3a4b5c67d8e9fa0b1c2d3e4f506',
    host,
    upstream: 'orders-v1',
    secret: 'furnished',
    api: 'orders',
    route: 'orders',
    plan: 'free',
    number: '1',
    request: 'req_0192f3a4b5c67d8e9fa0b1c2d3e4f506',
    application: application.id,
    subscription: subscription.id,
    credential: credential.id,
    developer: developers[0]?.id ?? '',
    member: member.id,
    account: account.id,
    serviceToken: serviceToken.id,
    personalToken: personalToken.id,
  };
  return { owner, base, key: made.key, values };
}
