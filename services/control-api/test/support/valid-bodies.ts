// What each endpoint lets in, of a tenant that `furnishTenant` has made: access.test.ts sends it, and fuzz.test.ts what is
// nearly it.
const arm = { name: 'stable', upstream: 'orders-v1', weight: 10_000 };
const route = { match: { path: { prefix: '/two' } }, split: { arms: [arm] } };
const range = `from=${encodeURIComponent('2026-01-01T00:00:00Z')}&to=${encodeURIComponent('2026-01-02T00:00:00Z')}`;
const environment = '/v1/tenants/:tenant/environments/:environment';

/** By method and path, for every endpoint that takes one. */
export const validBodies: Readonly<Record<string, object>> = {
  'POST /v1/tenants': { slug: 'third', title: 'Third' },
  'PATCH /v1/tenants/:tenant': { title: 'Renamed' },
  'POST /v1/tenants/:tenant/environments': { name: 'staging' },
  'PATCH /v1/tenants/:tenant/environments/:environment': { name: 'production' },
  'POST /v1/tenants/:tenant/members': { email: 'new@members.test', role: 'viewer' },
  'PATCH /v1/tenants/:tenant/members/:member': { role: 'developer' },
  'POST /v1/me/tokens': { name: 'laptop' },
  'POST /v1/me/deletion': { confirm: 'nobody@nowhere.test', password: 'a password for tests' },
  'PATCH /v1/operator/tenants/:tenant': { platformPlan: 'standard' },
  'PUT /v1/operator/platform-plans/:platformPlan': {
    title: 'Small',
    bounds: { environments: 2, members: null, routes: 10, credentials: null },
  },
  'POST /v1/operator/two-factor-removals': { email: 'nobody@nowhere.test', reason: 'has shown a passport' },
  'POST /v1/operator/fleets/:fleet/registration-tokens': { title: 'Two gateways' },
  'PATCH /v1/operator/fleets/:fleet/gateways/:gateway': { isDrainAsked: true },
  'POST /v1/tenants/:tenant/service-accounts': { name: 'deploy', role: 'developer' },
  'PATCH /v1/tenants/:tenant/service-accounts/:account': { role: 'viewer' },
  'POST /v1/tenants/:tenant/service-accounts/:account/tokens': { name: 'deploy' },
  'POST /v1/tenants/:tenant/restore': {},
  'POST /v1/operator/tenants/:tenant/restore': {},
  [`POST ${environment}/hosts`]: { host: 'two.own.test' },
  [`POST ${environment}/hosts/:host/verify`]: {},
  [`POST ${environment}/upstreams`]: { name: 'two', targets: [{ url: 'http://two.test' }] },
  [`PUT ${environment}/upstreams/:upstream`]: { targets: [{ url: 'http://one.test' }] },
  [`PUT ${environment}/secrets/:secret`]: { value: 'another value' },
  [`POST ${environment}/apis`]: { name: 'two', title: 'Two' },
  [`PATCH ${environment}/apis/:api`]: { title: 'One' },
  [`POST ${environment}/apis/:api/routes`]: { name: 'two', ...route },
  [`PUT ${environment}/apis/:api/routes/:route`]: { ...route, match: { path: { prefix: '/orders' } } },
  [`PUT ${environment}/apis/:api/routes/:route/weights`]: { weights: { stable: 9_000, canary: 1_000 } },
  [`POST ${environment}/plans`]: { name: 'gold', title: 'Gold', apis: ['orders'], limits: [{ window: '1000/minute' }] },
  [`PUT ${environment}/plans/:plan`]: { title: 'Free', apis: ['orders'], limits: [] },
  [`POST ${environment}/document/validate`]: { sluice: 1 },
  [`POST ${environment}/document/diff`]: { sluice: 1 },
  [`POST ${environment}/document/apply`]: { sluice: 1 },
  [`POST ${environment}/document/sync`]: { sluice: 1 },
  [`POST ${environment}/promote`]: { from: 'other', to: 'draft' },
  [`POST ${environment}/revisions/:number/republish`]: {},
  [`POST ${environment}/publish`]: { comment: 'from the access tests' },
  [`POST ${environment}/first-run`]: { name: 'three', title: 'Three', upstreamUrl: 'https://three.test' },
  [`POST ${environment}/applications`]: { title: 'Two' },
  [`PATCH ${environment}/applications/:application`]: { title: 'One' },
  [`POST ${environment}/applications/:application/subscriptions`]: { plan: 'gold' },
  [`PATCH ${environment}/subscriptions/:subscription`]: { state: 'suspended' },
  [`POST ${environment}/subscriptions/:subscription/credentials`]: { name: 'Two' },
  [`PATCH ${environment}/credentials/:credential`]: { name: 'One' },
  [`POST ${environment}/credentials/:credential/rotate`]: { overlapMs: 60_000 },
  [`POST ${environment}/credentials/revoke`]: { credentials: [`key_${'0'.repeat(32)}`] },
  [`POST ${environment}/subscriptions/:subscription/credentials/import`]: {
    credentials: [{ name: 'Imported', hash: 'a'.repeat(64) }],
  },
  'POST /v1/portal/:tenant/quick-start': { plan: 'free' },
  'PATCH /v1/portal/:tenant/applications/:application': { title: 'One' },
  'POST /v1/portal/:tenant/subscriptions/:subscription/credentials': { name: 'Two' },
  'POST /v1/portal/:tenant/subscriptions/:subscription/try-credential': {},
  'POST /v1/portal/:tenant/credentials/:credential/rotate': { overlapMs: 60_000 },
  [`POST ${environment}/explain`]: { url: 'http://own.localhost/orders' },
  'POST /v1/portal/:tenant/applications/:application/explain': { url: 'http://own.localhost/orders' },
};

/** Where one is asked for. */
export const validQueries: Readonly<Record<string, string>> = {
  [`GET ${environment}/analytics/timeseries`]: range,
  [`GET ${environment}/analytics/arms`]: range,
  [`GET ${environment}/requests`]: range,
  'GET /v1/portal/:tenant/delivery': 'position=0',
};
