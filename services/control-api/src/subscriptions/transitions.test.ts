import { readFileSync } from 'node:fs';
import { subscriptionStates } from '@sluice/contracts';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../http/refusal.js';
import { mayBecome, stateAfter } from './transitions.js';

const began = new Date('2026-01-01T00:00:00Z');
const now = new Date('2026-02-01T00:00:00Z');
const allowed = {
  provider: [
    'none -> pending',
    'none -> active',
    'pending -> active',
    'pending -> cancelled',
    'active -> suspended',
    'active -> cancelled',
    'suspended -> active',
    'suspended -> cancelled',
  ],
  consumer: ['none -> active'],
} as const;
const origins = ['none', ...subscriptionStates] as const;

function outcomeOf(attempt: () => string): string {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe.each(['provider', 'consumer'] as const)('by the %s', (by) => {
  const pairs = origins.flatMap((from) => subscriptionStates.map((to) => [from, to] as const));
  test.each(pairs)('%s -> %s', (from, to) => {
    const isAllowed = (allowed[by] as readonly string[]).includes(`${from} -> ${to}`);
    expect(mayBecome(from, to, by)).toBe(isAllowed);
    const standing = from === 'none' ? undefined : { state: from, startedAt: from === 'pending' ? null : began };
    expect(outcomeOf(() => stateAfter(standing, to, by, now).state)).toBe(
      isAllowed || from === to ? to : 'state_conflict',
    );
  });
});

test('the docs show the table as it is', () => {
  const text = readFileSync(new URL('../../../../docs/subscriptions-and-keys.md', import.meta.url), 'utf8');
  const stateOf = (from: string): string => (from === 'none' ? '*(new)*' : from);
  for (const from of origins) {
    const [forProvider, forConsumer] = (['provider', 'consumer'] as const).map((by) =>
      subscriptionStates.filter((to) => mayBecome(from, to, by)).join(', '),
    );
    expect(text.replaceAll('|  |', '| |')).toContain(
      `\n| ${stateOf(from)} |${padded(forProvider)}|${padded(forConsumer)}|\n`,
    );
  }
});

function padded(states = ''): string {
  return states === '' ? ' ' : ` ${states} `;
}

test('periods begin when a subscription first becomes active, once', () => {
  expect(stateAfter(undefined, 'active', 'consumer', now).startedAt).toBe(now);
  expect(stateAfter(undefined, 'pending', 'provider', now).startedAt).toBeNull();
  expect(stateAfter({ state: 'pending', startedAt: null }, 'active', 'provider', now).startedAt).toBe(now);
  expect(stateAfter({ state: 'suspended', startedAt: began }, 'active', 'provider', now).startedAt).toBe(began);
});

test('a refusal says what could be done instead', () => {
  expect(() => stateAfter({ state: 'pending', startedAt: null }, 'suspended', 'provider')).toThrow(
    'From there you can make it active or cancelled.',
  );
  expect(() => stateAfter({ state: 'active', startedAt: began }, 'cancelled', 'consumer')).toThrow('Ask the provider');
});
