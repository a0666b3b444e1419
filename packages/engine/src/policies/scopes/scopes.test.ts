import type { Policy } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { ask, codesOf, compiledOf, documentWith, faultsOf, outcomeOf } from '../../testing/try-route.js';

const having = (given: readonly string[], scopes: object) =>
  ask(compiledOf(documentWith([{ anonymous: { scopes: given } }, { scopes }])));

test('all means each, any means one, and both mean both', () => {
  expect(outcomeOf(having(['a', 'b', 'c'], { all: ['a', 'b'] }))).toBe('forward');
  expect(outcomeOf(having(['a'], { all: ['a', 'b'] }))).toBe('scope_missing');
  expect(outcomeOf(having(['b'], { any: ['a', 'b'] }))).toBe('forward');
  expect(outcomeOf(having(['c'], { any: ['a', 'b'] }))).toBe('scope_missing');
  expect(outcomeOf(having(['a'], { all: ['a'], any: ['b', 'c'] }))).toBe('scope_missing');
  expect(outcomeOf(having(['a', 'c'], { all: ['a'], any: ['b', 'c'] }))).toBe('forward');
  expect(having(['a'], { all: ['a', 'b', 'c'] }).reasons).toContainEqual({
    code: 'scopes_missing',
    scopes: ['b', 'c'],
  });
});

test.each([
  ['scopes', { scopes: { all: ['a'] } }],
  ['acl', { acl: { allow: ['a'] } }],
])('%s on a route that asks nobody who they are is refused, with a remedy', (_, policy: Policy) => {
  expect(faultsOf([policy])).toMatchObject([{ at: '/0', fix: 'add a way to authenticate, such as jwt' }]);
  expect(codesOf(ask(compiledOf(documentWith([{ anonymous: {} }, policy]))))).toContain('anonymous_accepted');
});
