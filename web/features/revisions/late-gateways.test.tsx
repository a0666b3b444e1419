import type { EnvironmentGateway } from '@sluice/contracts';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { LateGatewayList } from './late-gateways';

const gateway = (id: string, state: EnvironmentGateway['state'], revision: number | null): EnvironmentGateway => ({
  id,
  version: '0.1.0',
  state,
  revision,
  lastHeardAt: '2026-01-02T03:04:05Z',
});
const textOf = (...gateways: EnvironmentGateway[]) =>
  renderToStaticMarkup(<LateGatewayList gateways={gateways} live={4} />).replaceAll(/<[^>]+>/g, '');

test('a gateway that is silent is named, with since when and what it may serve', () => {
  const text = textOf(gateway('rack-7', 'silent', 3));
  expect(text).toMatch(/^rack-7 has not been heard of since 2 Jan, 03:04:05 UTC, and/);
  expect(text).toContain('and answered r3 last.');
  expect(textOf(gateway('rack-7', 'silent', null))).toContain('and answered no revision.');
});

test('a gateway that is behind is named, with what it has answered in place of what is live', () => {
  expect(textOf(gateway('rack-8', 'stale', 3))).toContain('rack-8 is heard of, but has answered r3, not r4.');
  expect(textOf(gateway('rack-8', 'stale', null))).toContain('has answered no revision, not r4.');
});

test('of gateways that are well nothing is said', () => {
  expect(textOf(gateway('rack-9', 'live', 4))).toBe('');
});
