import {
  ejectionSpecSchema,
  healthSpecSchema,
  upstreamLimitsSchema,
  upstreamSpecSchema,
  upstreamTimeoutsSchema,
} from '@sluice/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { upstreamDraftOf, upstreamOf } from './upstream-draft';

const stamps = { id: `up_${'0'.repeat(32)}`, createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' };
const fields = {
  targets: fc.array(
    fc.record(
      {
        url: fc.constantFrom('http://users:3000', 'https://a.test/v1/'),
        weight: fc.integer({ min: 1, max: 1000 }),
        resolve: fc.constantFrom('name', 'all'),
      },
      { requiredKeys: ['url', 'weight'] },
    ),
    { minLength: 1, maxLength: 4 },
  ),
  timeoutMs: fc.integer({ min: 1, max: 600_000 }),
  balance: fc.constant('consistent-hash'),
  hashBy: fc.constantFrom('ip', 'header:x-user'),
  health: fc.constant(healthSpecSchema.parse({ path: '/up' })),
  ejection: fc.constant(ejectionSpecSchema.parse({ baseMs: 2000 })),
  limits: fc.constant(upstreamLimitsSchema.parse({ requests: 7 })),
  timeouts: fc.constant(upstreamTimeoutsSchema.parse({})),
  tls: fc.constant({ insecure: false }),
  reuse: fc.constant('credential'),
  identity: fc.record({ token: fc.boolean() }),
};

test('an upstream that goes through the form comes out as it went in', () => {
  fc.assert(
    fc.property(fc.record(fields, { requiredKeys: ['targets', 'timeoutMs', 'balance'] }), (spec) => {
      const known = { name: 'users', ...upstreamSpecSchema.parse(spec) };
      expect(upstreamOf(upstreamDraftOf({ ...stamps, ...known }))).toEqual(known);
    }),
  );
});

test('the form knows every field that an upstream has', () => {
  expect(Object.keys(fields).toSorted()).toEqual(Object.keys(upstreamSpecSchema.shape).toSorted());
});
