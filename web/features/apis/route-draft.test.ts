import { routeSpecSchema } from '@sluice/contracts';
import type { RouteSpec } from '@sluice/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { draftOf, emptyRoute, specOf } from './route-draft';

const stamps = { id: `rt_${'0'.repeat(32)}`, createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' };
const name = fc.constantFrom('users', 'users-v2', 'a.b', 'canary');
const spec: fc.Arbitrary<RouteSpec> = fc.record(
  {
    name,
    match: fc.record(
      {
        hosts: fc.uniqueArray(fc.constantFrom('a.test', 'b.test'), { minLength: 1 }),
        path: fc.oneof(fc.constant({ prefix: '/users' }), fc.constant({ exact: '/users/me' })),
        methods: fc.uniqueArray(fc.constantFrom('GET', 'POST'), { minLength: 1 }),
      },
      { requiredKeys: ['path'] },
    ),
    strip: fc.constant('/users'),
    policies: fc.constantFrom([], [{ 'api-key': { header: 'apikey' } }]),
    split: fc.record({
      sticky: fc.constantFrom('none' as const, 'application' as const, 'ip' as const),
      arms: fc.nat(10_000).map((canary) => [
        { name: 'stable', upstream: 'users', weight: 10_000 - canary },
        { name: 'canary', upstream: 'users-v2', weight: canary },
      ]),
    }),
  },
  { requiredKeys: ['name', 'match', 'policies', 'split'] },
);

test('a route that goes through the form comes out as it went in', () => {
  fc.assert(
    fc.property(spec, (route) => {
      expect(specOf(draftOf({ ...stamps, ...route }))).toEqual(route);
    }),
  );
});

test('a new route is valid as it is proposed', () => {
  expect(routeSpecSchema.safeParse(specOf(emptyRoute('users', 'users'))).success).toBe(true);
});

test('a weight that is no number is refused by the schema, not silently zero', () => {
  const draft = emptyRoute('users', 'users');
  const broken = specOf({ ...draft, arms: [{ id: 0, name: 'stable', upstream: 'users', percent: 'all' }] });
  expect(routeSpecSchema.safeParse(broken).success).toBe(false);
});
