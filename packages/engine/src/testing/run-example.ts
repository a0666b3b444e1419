// An example of a policy, compiled and decided: what the docs say of it must be what happens.
import type { Document } from '@sluice/contracts';
import { documentSchema } from '@sluice/contracts';
import { compile } from '../compile.js';
import { decide } from '../decide.js';
import type { Decision, Facts } from '../decision.js';
import type { ExampleRequest, PolicyExample } from '../policies/example.js';
import { exampleKey, exampleNow } from '../policies/example.js';
import { noFacts, requestOf } from './try-engine.js';

const host = 'api.acme.test';

/** What was decided of one request of an example. Throws when the example itself is wrong. */
export function runExample(example: PolicyExample, { send = {}, facts, now = exampleNow }: ExampleRequest): Decision {
  const { compiled, refusals } = compile({
    tenantId: 'ten_example',
    tenantSlug: 'acme',
    environmentId: 'env_example',
    environmentName: 'production',
    hosts: [host],
    portalOrigins: ['http://acme.localhost:3000'],
    revision: 1,
    revisionId: 'rev_example',
    hash: '',
    document: documentOf(example),
  });
  if (refusals.length > 0) throw new Error(`"${example.title}" is refused: ${JSON.stringify(refusals)}`);
  const request = requestOf({ host, ...send });
  const decided = decide(compiled, request, { ...exampleFacts, ...facts }, now, 7);
  if (decided.kind === 'need') throw new Error(`"${example.title}" needs ${decided.need}: give it among the facts`);
  return decided;
}

function documentOf({ route }: PolicyExample): Document {
  const ending = { split: { arms: [{ name: 'stable', upstream: 'orders', weight: 10_000 }] } };
  const hasEnding = 'split' in route || 'redirect' in route || 'answer' in route;
  return documentSchema.parse({
    sluice: 1,
    upstreams: Object.fromEntries(
      ['orders', 'orders-v2', 'shadow'].map((name) => [name, { targets: [{ url: `http://${name}.acme.test` }] }]),
    ),
    apis: {
      orders: {
        title: 'Orders',
        routes: [{ name: 'orders', match: { path: { prefix: '/orders' } }, ...(hasEnding ? {} : ending), ...route }],
      },
    },
    plans: { free: { title: 'Free', apis: ['orders'], limits: [] } },
  });
}

const exampleFacts: Facts = {
  ...noFacts,
  credential: (key) =>
    key === exampleKey ? { id: 'key_example', subscriptionId: 'sub_example', isRevoked: false } : undefined,
  subscription: (id) =>
    id === 'sub_example'
      ? { id, applicationId: 'app_example', plan: 'free', state: 'active', revision: 1, startedAt: exampleNow }
      : undefined,
};
