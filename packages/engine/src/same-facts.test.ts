// The same facts give the same decision: again, on another thread's copy, whatever else this thread has served before,
// and in whatever order the document lists what has nothing to do with each other.
import type { ApiSpec, Document } from '@sluice/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from './compile.js';
import type { Decision, Need } from './decision.js';
import type { TriedRequest } from './testing/try-engine.js';
import { environmentOf } from './testing/environment-of.js';
import { ask, sketchDocument } from './testing/try-routes.js';
import type { ApiSketch, RouteSketch } from './testing/try-routes.js';

const hosts = ['api.acme.test', '*.acme.example'];
const arms = (canary: number): object[] => [
  { name: 'stable', upstream: 'one', weight: 10_000 - canary },
  { name: 'canary', upstream: 'two', weight: canary },
];
const path = fc.constantFrom(
  { exact: '/a/b' },
  { prefix: '/' },
  { prefix: '/a' },
  { rawPrefix: '/a' },
  { template: '/a/{id}' },
  { template: '/{x}/{rest...}' },
  { regex: '/a/(?P<id>[a-z]+)' },
);
const ending = fc.oneof(
  fc.record({
    split: fc.record({
      sticky: fc.constantFrom('ip', 'none', 'cookie', 'header:x-user', 'application'),
      arms: fc.nat(10_000).map(arms),
    }),
  }),
  fc.constantFrom(
    { redirect: { to: 'https://{host}{path}{query}' } },
    { answer: { body: 'OK' } },
    { strip: '/a', split: { arms: arms(0) } },
  ),
);
const policies = fc.subarray([
  { 'api-key': {} },
  { cors: { origins: ['https://app.acme.test'] } },
  { ip: { deny: ['192.0.2.0/24'] } },
  { 'rate-limit': { limits: [{ rate: '10/second' }] } },
  { headers: { request: { set: { 'x-path': 'by sluice' } } } },
]);
const route = fc
  .record({
    path,
    ending,
    policies,
    methods: fc.constantFrom(undefined, ['GET'], ['GET', 'POST']),
    host: fc.constantFrom(undefined, ['api.acme.test'], ['*.acme.example']),
    headers: fc.constantFrom(undefined, [{ name: 'x-user', present: true }]),
  })
  .map(({ path: pattern, ending: end, policies: own, methods, host, headers }) =>
    Object.assign({}, end, { match: { path: pattern, methods, hosts: host, headers }, policies: own }),
  );
const apis = fc.array(route, { minLength: 1, maxLength: 8 }).map((routes): Record<string, ApiSketch> => ({
  a: { routes: routes.map((one, index): RouteSketch => Object.assign({}, one, { name: `r${index}` })) },
  b: {
    version: 'v2',
    versioning: { by: 'header', isDefault: true },
    routes: [{ name: 'r', match: { path: { prefix: '/a' } } }],
  },
}));
const request: fc.Arbitrary<TriedRequest> = fc.record({
  host: fc.constantFrom('api.acme.test', 'x.acme.example'),
  path: fc.constantFrom('/a/b', '/a', '/a/b/c', '/ab', '/'),
  method: fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS'),
  query: fc.constantFrom('', '?q=1'),
  clientAddress: fc.constantFrom('192.0.2.1', '203.0.113.7'),
  headers: fc.constantFrom<Record<string, string>>(
    {},
    { 'x-user': 'ann', 'x-api-key': 'good' },
    { 'x-api-version': 'v2', origin: 'https://app.acme.test', 'access-control-request-method': 'GET' },
  ),
});

function decisionOf(document: Document, asked: TriedRequest, seed: number): Decision | Need {
  const { compiled } = compile(environmentOf(document, { hosts }));
  return ask(compiled, asked, facts, seed);
}

const facts = {
  credential: (key: string) => (key === 'good' ? { id: 'key_1', subscriptionId: '', isRevoked: false } : undefined),
};

test('again, and on a copy that crossed to another thread', () => {
  fc.assert(
    fc.property(apis, request, fc.nat(0xffffffff), (sketch, asked, seed) => {
      const { compiled, refusals } = compile(environmentOf(sketchDocument(sketch), { hosts }));
      expect(refusals.filter(({ code }) => code !== 'route_shadowed')).toEqual([]);
      const first = ask(compiled, asked, facts, seed);
      expect(ask(compiled, asked, facts, seed)).toEqual(first);
      expect(ask(structuredClone(compiled), asked, facts, seed)).toEqual(first);
    }),
    { numRuns: 400 },
  );
});

test('whatever other tenants are served by the same thread', () => {
  // More patterns than a thread keeps compiled.
  const others = Array.from({ length: 6 }, (_, tenant) => {
    const routes = Array.from({ length: 200 }, (__, index) => ({
      name: `r${index}`,
      match: { path: { regex: `/a/${tenant}*[b-z]${index}` } },
    }));
    return compile(environmentOf(sketchDocument({ a: { routes } }), { hosts })).compiled;
  });
  fc.assert(
    fc.property(apis, request, fc.nat(0xffffffff), (sketch, asked, seed) => {
      const { compiled } = compile(environmentOf(sketchDocument(sketch), { hosts }));
      const first = ask(compiled, asked, facts, seed);
      for (const other of others) ask(other, { path: '/a/!' });
      expect(ask(compiled, asked, facts, seed)).toEqual(first);
    }),
    { numRuns: 50 },
  );
});

test('in whatever order the document lists upstreams, APIs, routes and policies', () => {
  const turned = (document: Document): Document => ({
    ...document,
    upstreams: Object.fromEntries(Object.entries(document.upstreams).toReversed()),
    apis: Object.fromEntries(
      Object.entries(document.apis)
        .toReversed()
        .map(([name, api]): [string, ApiSpec] => [
          name,
          Object.assign({}, api, {
            routes: api.routes
              .toReversed()
              .map((one) => Object.assign({}, one, { policies: one.policies.toReversed() })),
          }),
        ]),
    ),
  });
  fc.assert(
    fc.property(apis, request, fc.nat(0xffffffff), (sketch, asked, seed) => {
      const document = sketchDocument(sketch);
      expect(decisionOf(turned(document), asked, seed)).toEqual(decisionOf(document, asked, seed));
    }),
    { numRuns: 400 },
  );
});
