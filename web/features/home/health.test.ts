import type { EnvironmentGateway } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { healthOf } from './health';

const live = { revision: 4, hash: 'h', publishedAt: '2026-01-01T00:00:00Z' };
const gateway = (state: EnvironmentGateway['state'], revision: number | null): EnvironmentGateway => ({
  id: `gw_${state}`,
  version: '0.1.0',
  state,
  revision,
  lastHeardAt: '2026-01-01T00:00:00Z',
});
const fine = {
  live,
  gateways: [gateway('live', 4), gateway('live', 4)],
  refused: 0,
  totals: { requests: 1000, s5xx: 0 },
  windowInWords: 'hour',
};

test('the worst state speaks first', () => {
  expect(healthOf({ ...fine, live: null }).tone).toBe('neutral');
  expect(healthOf({ ...fine, gateways: [gateway('silent', 4)], refused: 1 }).sentence).toMatch(/^No gateway/);
  expect(healthOf({ ...fine, gateways: [] }).tone).toBe('bad');
  expect(healthOf({ ...fine, refused: 1, totals: { requests: 10, s5xx: 9 } })).toEqual({
    tone: 'bad',
    sentence: '1 gateway refused a part of r4.',
  });
  expect(healthOf({ ...fine, totals: { requests: 1000, s5xx: 41 } }).sentence).toBe(
    '4.1 % of the requests of the last hour failed with 5xx.',
  );
});

test('a gateway that is behind is not made up for by the receipt of one that is silent', () => {
  const gateways = [gateway('live', 4), gateway('stale', 3), gateway('silent', 4)];
  expect(healthOf({ ...fine, gateways })).toEqual({ tone: 'warn', sentence: '1 gateway of 2 not on r4 yet.' });
  expect(healthOf({ ...fine, gateways: [gateway('live', null)] }).tone).toBe('warn');
});

test('all is well only when nothing speaks against it, and silence is told', () => {
  expect(healthOf(fine)).toEqual({ tone: 'ok', sentence: 'All gateways are serving r4.' });
  expect(healthOf({ ...fine, gateways: [gateway('live', 4), gateway('silent', 3)] }).sentence).toBe(
    'All gateways that are heard of are serving r4; 1 is silent.',
  );
  expect(healthOf({ ...fine, gateways: null }).tone).toBe('neutral');
});
