import { matchSchema, routeSpecSchema } from '@sluice/contracts';
import type { RouteSpec } from '@sluice/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unreadableSettings } from './policy-draft';
import { draftOf, emptyRoute, specOf } from './route-draft';

const stamps = { id: `rt_${'0'.repeat(32)}`, createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' };
const name = fc.constantFrom('users', 'users-v2', 'a.b', 'canary');
const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const pathText = fc.constantFrom('/', '/users', '/users/', '/a%20b/ü', '/users/{id}/{rest...}');
const header = fc.constantFrom('x-role', 'accept', 'x-api-key');
/** What JSON can carry: it has no negative zero. */
const json = fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

const predicate = (named: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.record({ name: named, exact: text }),
    fc.record({ name: named, regex: text }),
    fc.record({ name: named, present: fc.boolean() }),
  );
const matchFields = {
  hosts: fc.uniqueArray(fc.constantFrom('a.test', '*.b.test'), { minLength: 1 }),
  path: fc.oneof(
    fc.record({ exact: pathText }),
    fc.record({ prefix: pathText }),
    fc.record({ rawPrefix: pathText }),
    fc.record({ template: pathText }),
    fc.record({ regex: text }),
  ),
  methods: fc.uniqueArray(fc.constantFrom('GET', 'POST', 'PROPFIND'), { minLength: 1 }),
  headers: fc.array(predicate(header), { maxLength: 3 }),
  query: fc.array(predicate(text), { maxLength: 3 }),
  priority: fc.integer({ min: -1000, max: 1000 }).map((value) => value + 0),
};
const match = fc.record(matchFields, { requiredKeys: ['path'] });
const policies = fc.array(
  fc.oneof(
    fc.record({ 'api-key': fc.oneof(fc.record({ header }, { requiredKeys: [] }), json) }),
    fc.record({ cors: json }),
    fc.tuple(fc.constantFrom('jwt', 'forward-auth', 'a-policy-of-tomorrow'), json).map(([key, value]) => ({
      [key]: value,
    })),
  ),
  { maxLength: 4 },
);
const change = fc.oneof(fc.constant({}), fc.record({ strip: pathText }), fc.record({ rewrite: pathText }));
const cost = fc.oneof(fc.nat(100_000), fc.record({ max: fc.integer({ min: 1, max: 100_000 }), header }));
const ending: fc.Arbitrary<Pick<RouteSpec, 'split' | 'redirect' | 'answer'>> = fc.oneof(
  fc.record({
    split: fc.record({
      sticky: fc.constantFrom('none', 'application', 'ip', 'cookie', 'header:x-user' as const),
      arms: fc.nat(10_000).map((canary) => [
        { name: 'stable', upstream: 'users', weight: 10_000 - canary },
        { name: 'canary', upstream: 'users-v2', weight: canary },
      ]),
    }),
  }),
  fc.record({ redirect: fc.record({ to: text, status: fc.constantFrom(301, 302, 303, 307, 308) }) }),
  fc.record({
    answer: fc.record({
      status: fc.integer({ min: 200, max: 599 }),
      contentType: fc.constantFrom('text/plain', 'text/plain; charset=utf-8', 'application/problem+json'),
      body: fc.string({ maxLength: 200, unit: 'binary' }),
    }),
  }),
);
const tags = fc.subarray(['team-a', 'team-b', 'public'], { minLength: 1 });
const spec: fc.Arbitrary<RouteSpec> = fc
  .tuple(
    fc.record({ name, match, policies, cost, tags }, { requiredKeys: ['name', 'match', 'policies'] }),
    change,
    ending,
  )
  .map((parts) => Object.assign({}, ...parts) as RouteSpec);

test('a route that goes through the form comes out as it went in, whatever it says', () => {
  fc.assert(
    fc.property(spec, (route) => {
      const known = routeSpecSchema.parse(route);
      expect(specOf(draftOf({ ...stamps, ...known }))).toEqual(known);
    }),
    { numRuns: 500 },
  );
});

test('the form knows every field that a route and its match have', () => {
  const known = ['answer', 'cost', 'match', 'name', 'policies', 'redirect', 'rewrite', 'split', 'strip', 'tags'];
  expect(Object.keys(routeSpecSchema.shape).toSorted()).toEqual(known);
  expect(Object.keys(matchSchema.shape).toSorted()).toEqual(Object.keys(matchFields).toSorted());
});

test('a new route is valid as it is proposed', () => {
  expect(routeSpecSchema.safeParse(specOf(emptyRoute('users', 'users'))).success).toBe(true);
});

test('a number that is none is refused by the schema, not silently zero', () => {
  const draft = emptyRoute('users', 'users');
  const arms = [{ id: 0, name: 'stable', upstream: 'users', percent: 'all' }];
  for (const broken of [
    { ...draft, arms },
    { ...draft, arms: [{ ...arms[0]!, percent: ' ' }] },
    { ...draft, priority: 'high' },
    { ...draft, costKind: 'fixed' as const, costUnits: '' },
    { ...draft, ending: 'answer' as const, answerStatus: '' },
  ]) {
    expect(routeSpecSchema.safeParse(specOf(broken)).success).toBe(false);
  }
});

test('settings that are no JSON are found at their field before anything is sent', () => {
  expect(unreadableSettings([{ id: 0, name: 'cors', text: '{}' }])).toEqual([]);
  expect(unreadableSettings([{ id: 0, name: 'cors', text: '{"origins": [' }]).map(({ pointer }) => pointer)).toEqual([
    '/policies/0/cors',
  ]);
});

test('looking at another ending and back loses nothing', () => {
  const draft = emptyRoute('users', 'users');
  const looked = { ...draft, ending: 'redirect' as const, redirectTo: 'https://a.test/' };
  // What the form proposed for upstreams is not sent along unseen.
  expect(specOf(looked)).not.toHaveProperty('strip');
  expect(specOf(looked).split).toBeUndefined();
  expect(specOf({ ...looked, ending: 'split' })).toEqual(specOf(draft));
});
