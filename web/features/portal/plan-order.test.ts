import type { PortalPlan } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { smallestFirst } from './plan-order';

const plan = (name: string, ...windows: string[]): PortalPlan => ({
  name,
  title: name,
  apis: ['orders'],
  limits: windows.map((window) => ({ window, onOutage: 'deny' })),
});
const orderOf = (...plans: PortalPlan[]) => smallestFirst(plans).map(({ name }) => name);

test('the smallest plan stands first, whatever time its limit is for', () => {
  expect(orderOf(plan('pro', '1000/minute'), plan('free', '100/minute'))).toEqual(['free', 'pro']);
  expect(orderOf(plan('minute', '1/minute'), plan('day', '100/day'))).toEqual(['day', 'minute']);
});

test('the tightest of several limits counts', () => {
  expect(orderOf(plan('one', '10/minute'), plan('two', '1000/second', '10/day'))).toEqual(['two', 'one']);
});

test('plans without a limit stand last, by title', () => {
  expect(orderOf(plan('b'), plan('a'), plan('free', '100/minute'))).toEqual(['free', 'a', 'b']);
});
