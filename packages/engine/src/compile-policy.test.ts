import type { Policy } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { validateDocument } from './compile.js';
import type { CompiledRoute } from './compiled.js';
import { compiledOf, documentWith } from './testing/try-route.js';

const host = 'api.acme.test';
const answer = { status: 200, contentType: 'text/plain', body: '' };
const routeAt = (name: string, template: string, policies: Policy[] = []) => ({
  name,
  match: { path: { template } },
  policies,
  answer,
});

function routesWith(policies: Policy[]): readonly CompiledRoute[] {
  const routes = [routeAt('a', '/a/{id}'), routeAt('b', '/b/{id}'), routeAt('own', '/c/{id}', policies)];
  return compiledOf(documentWith([], { policies, routes })).hosts.get(host)?.sorted ?? [];
}

test('a policy of an API is compiled once, however many routes have it', () => {
  const networks = Array.from({ length: 50 }, (_, index) => `2001:db8:${index}::/48`);
  const [first, second, own] = routesWith([
    { any: [{ anonymous: {} }, { 'api-key': {} }] },
    { ip: { deny: networks } },
    { headers: { request: { set: { 'x-id': '{request.id}' } } } },
  ]);
  expect(first?.policies.shield[0]?.compiled).toBeDefined();
  expect(second?.policies.shield[0]).toBe(first?.policies.shield[0]);
  expect(own?.policies.shield[0]).toEqual(first?.policies.shield[0]);
  expect(first?.policies.shape[0]?.compiled).toBeDefined();
  expect(second?.policies.shape[0]).toBe(first?.policies.shape[0]);
  const waysOf = (route: CompiledRoute | undefined): unknown[] => {
    const { authentication } = route ?? {};
    return authentication?.kind === 'any' ? authentication.rules.map((rule) => 'policy' in rule && rule.policy) : [];
  };
  expect(waysOf(first)).toHaveLength(2);
  waysOf(second).forEach((way, index) => expect(way).toBe(waysOf(first)[index]));
});

test('one that means something else on each route is compiled for each', () => {
  const half: Policy = { mirror: { upstream: 'one', shareBps: 5000 } };
  const [first, second] = routesWith([half, { 'rate-limit': { limits: [{ rate: '1/second', scope: 'route' }] } }]);
  expect(second?.policies.shape[0]?.compiled).not.toEqual(first?.policies.shape[0]?.compiled);
  expect(second?.policies.shield[0]?.compiled).not.toEqual(first?.policies.shield[0]?.compiled);
});

test('a fault that only one route brings out is told, and leaves the others alone', () => {
  const policies: Policy[] = [{ headers: { request: { set: { 'x-id': '{path.id}' } } } }];
  const routes = [routeAt('a', '/a/{id}'), routeAt('b', '/b/{other}'), routeAt('c', '/c/{id}')];
  const faults = validateDocument(documentWith([], { policies, routes }), [host]);
  expect(faults.map(({ message }) => message)).toEqual(["the policy headers: the route's path has no {id}"]);
});
