// A fleet's configuration as a gateway holds it: environments with routes, plans, subscriptions and credentials. The maps
// are those of the gateway's replica, so that a lookup costs here what it costs there.
import { hash } from 'node:crypto';
import type { Document } from '@sluice/contracts';
import { documentSchema } from '@sluice/contracts';
import type { Compiled, CredentialFact, DecideRequest, Facts, SubscriptionFact } from '@sluice/engine';
import { compile, findByHost } from '@sluice/engine';

export interface Size {
  readonly tenants: number;
  readonly routes: number;
  readonly credentials: number;
}

export interface Environment {
  readonly compiled: Compiled;
  readonly credentials: Map<string, CredentialFact>;
  readonly subscriptions: Map<string, SubscriptionFact>;
}

export class World {
  readonly byHost = new Map<string, Environment>();

  add(environment: Environment): void {
    for (const host of environment.compiled.claims) this.byHost.set(host, environment);
  }

  environmentOf(host: string): Environment | undefined {
    return findByHost(this.byHost, host);
  }
}

export function documentOf(tenant: number, routes: number): Document {
  return documentSchema.parse({
    sluice: 1,
    upstreams: {
      stable: { targets: [{ url: `http://stable-${tenant}.test:3000` }] },
      canary: { targets: [{ url: `http://canary-${tenant}.test:3000` }] },
    },
    apis: {
      orders: {
        title: `Orders of ${tenant}`,
        routes: Array.from({ length: routes }, (_, index) => ({
          name: `route-${index}`,
          match: { path: pathOf(index), ...(index % 2 === 0 ? { methods: ['GET', 'POST'] } : {}) },
          policies: [{ 'api-key': {} }],
          split: {
            sticky: 'application',
            arms: [
              { name: 'stable', upstream: 'stable', weight: 9000 },
              { name: 'canary', upstream: 'canary', weight: 1000 },
            ],
          },
        })),
      },
    },
    plans: {
      free: { title: 'Free', apis: ['orders'], limits: [{ window: '100000/minute' }, { quota: '10000000/month' }] },
    },
  });
}

// Half of them templates, as an imported OpenAPI document has them.
function pathOf(route: number): object {
  return route % 2 === 0
    ? { prefix: `/api/resource-${route}` }
    : { template: `/api/resource-${route}/{id}/parts/{part}` };
}

export function hostOf(tenant: number): string {
  return `tenant-${tenant}.gateway.test`;
}

export function keyOf(tenant: number, credential: number): string {
  return `acme_${String(tenant * 1000 + credential).padStart(40, 'x')}_q1w2e3`;
}

export function compileTenant(tenant: number, document: Document): Compiled {
  const { compiled, refusals } = compile({
    tenantId: `ten_${tenant}`,
    tenantSlug: `tenant-${tenant}`,
    environmentId: `env_${tenant}`,
    environmentName: 'production',
    hosts: [hostOf(tenant)],
    portalOrigins: [`https://tenant-${tenant}.portal.test`],
    revision: 1,
    revisionId: `rev_${tenant}`,
    hash: '',
    document,
  });
  if (refusals.length > 0) throw new Error(`tenant ${tenant} is refused: ${JSON.stringify(refusals)}`);
  return compiled;
}

export function buildWorld({ tenants, routes, credentials }: Size): World {
  const world = new World();
  for (let tenant = 0; tenant < tenants; tenant += 1) {
    const environment: Environment = {
      compiled: compileTenant(tenant, documentOf(tenant, routes)),
      credentials: new Map(),
      subscriptions: new Map(),
    };
    for (let index = 0; index < credentials; index += 1) {
      const subscription = subscriptionOf(tenant, index);
      environment.subscriptions.set(subscription.id, subscription);
      environment.credentials.set(hash('sha256', keyOf(tenant, index)), credentialOf(tenant, index));
    }
    world.add(environment);
  }
  return world;
}

export function subscriptionOf(tenant: number, index: number): SubscriptionFact {
  return {
    id: `sub_${tenant}_${index}`,
    applicationId: `app_${tenant}_${index}`,
    plan: 'free',
    state: 'active',
    revision: 1,
    startedAt: 0,
  };
}

export function credentialOf(tenant: number, index: number): CredentialFact {
  return { id: `key_${tenant}_${index}`, subscriptionId: `sub_${tenant}_${index}`, isRevoked: false };
}

/** What a gateway knows beside the configuration: every budget has room, every upstream is well. */
export class WorldFacts implements Facts {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  credential(key: string): CredentialFact | undefined {
    return this.#environment.credentials.get(hash('sha256', key));
  }

  subscription(id: string): SubscriptionFact | undefined {
    return this.#environment.subscriptions.get(id);
  }

  readonly weights = (): undefined => undefined;
  readonly isHealthy = (): boolean => true;
  readonly budget = (): number => 1000;
  readonly refusal = (): undefined => undefined;
  readonly token = (): undefined => undefined;
  readonly password = (): undefined => undefined;
  readonly forwardAuth = (): undefined => undefined;
  readonly signedArm = (): undefined => undefined;
}

/** A request as the wire hands it over: its texts are new, and nobody has hashed them. */
export function requestTo(tenant: number, route: number, credential: number, index: number): DecideRequest {
  const key = keyOf(tenant, credential);
  const parts = route % 2 === 0 ? `${index}/parts` : `${index}/parts/7`;
  return {
    host: hostOf(tenant),
    method: 'GET',
    path: `/api/resource-${route}/${parts}`,
    query: '?page=2',
    protocol: 'https',
    clientAddress: `192.0.2.${index % 256}`,
    header: (name) => (name === 'x-api-key' ? key : undefined),
  };
}
