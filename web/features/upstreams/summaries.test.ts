import { upstreamSpecSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import {
  balanceSummary,
  ejectionSummary,
  healthSummary,
  limitsSummary,
  shareOf,
  span,
  timeoutsSummary,
  tlsSummary,
} from './summaries';
import { emptyTarget, emptyUpstream, upstreamDraftOf } from './upstream-draft';

const stamps = { id: `up_${'0'.repeat(32)}`, createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' };
const draftOf = (more: object) =>
  upstreamDraftOf({
    ...stamps,
    name: 'users',
    ...upstreamSpecSchema.parse({ targets: [{ url: 'http://users' }], ...more }),
  });

test('an upstream that says nothing says what goes without saying', () => {
  const draft = emptyUpstream();
  expect([
    balanceSummary(draft),
    healthSummary(draft),
    ejectionSummary(draft),
    limitsSummary(draft),
    timeoutsSummary(draft),
    tlsSummary(draft),
  ]).toEqual([
    'in turn, by weight',
    'none',
    'out for 30 s after 5 failures in a row',
    '1,024 connections to each target',
    '5 s to connect, 30 s to the first byte',
    'public authorities',
  ]);
});

test('what an upstream says is in its words', () => {
  const draft = draftOf({
    timeoutMs: 500,
    balance: 'consistent-hash',
    hashBy: 'cookie:sid',
    health: { path: '/up', intervalMs: 2500 },
    ejection: { consecutive5xx: 0, baseMs: 1500 },
    limits: { connections: 8, requests: 2000 },
    timeouts: { connectMs: 60_000 },
    tls: { ca: '-----BEGIN CERTIFICATE-----', clientCertificate: 'to-users', serverName: 'users.internal' },
    reuse: 'credential',
  });
  expect(balanceSummary(draft)).toBe('each caller to the same target, by cookie sid');
  expect(healthSummary(draft)).toBe('GET /up every 2.5 s');
  expect(ejectionSummary(draft)).toBe('out for 1.5 s after 5 failures in a row');
  expect(limitsSummary(draft)).toBe(
    '8 connections to each target, 2,000 requests in flight, none shared by two credentials',
  );
  expect(timeoutsSummary(draft)).toBe('1 min to connect, 500 ms to the first byte');
  expect(tlsSummary(draft)).toBe('own authorities, client certificate to-users, as users.internal');
});

test('what is turned off says so', () => {
  expect(ejectionSummary(draftOf({ ejection: { maxPercent: 0 } }))).toBe('off');
  const none = { consecutive5xx: 0, consecutiveGatewayErrors: 0, consecutiveConnectFailures: 0 };
  expect(ejectionSummary(draftOf({ ejection: none }))).toBe('off');
  expect(tlsSummary(draftOf({ tls: { insecure: true } }))).toBe('not verified');
});

test('a number that is being typed is shown as unknown, never as a wrong one', () => {
  const draft = emptyUpstream();
  expect(limitsSummary({ ...draft, limits: { ...draft.limits, connections: '1x' } })).toBe(
    '? connections to each target',
  );
  expect(timeoutsSummary({ ...draft, timeoutMs: 'soon' })).toBe('5 s to connect, ? to the first byte');
});

test('a target says its share of the requests, where there is another', () => {
  const target = (id: number, weight: string) => ({ ...emptyTarget([]), id, weight });
  const [three, one] = [target(0, '3'), target(1, '')];
  expect([shareOf(three, [three, one]), shareOf(one, [three, one])]).toEqual(['75 %', '25 %']);
  expect(shareOf(three, [three])).toBeUndefined();
  expect(shareOf(one, [target(0, 'x'), one])).toBeUndefined();
});

test('times are in the largest unit that is exact', () => {
  expect([999, 1000, 1500, 90_000, 300_000, 86_400_000].map(span)).toEqual([
    '999 ms',
    '1 s',
    '1.5 s',
    '90 s',
    '5 min',
    '24 h',
  ]);
});
