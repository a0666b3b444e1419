import { expect, test } from 'vitest';
import { addressOf } from './page-address';
import { routes, safeNext } from './routes';

test('a deep link survives signing in, with its filters', () => {
  const address = addressOf('/demo/requests', '?x=1');
  expect(routes.signIn(safeNext(address))).toBe('/sign-in?next=%2Fdemo%2Frequests%3Fx%3D1');
  expect(safeNext(new URL(`http://x${routes.signIn(address)}`).searchParams.get('next') ?? '')).toBe(address);
});

test("Next's own mark is no part of the address", () => {
  expect(addressOf('/demo', '?_rsc=abc')).toBe('/demo');
  expect(addressOf('/demo', '?range=24h&_rsc=abc')).toBe('/demo?range=24h');
});
