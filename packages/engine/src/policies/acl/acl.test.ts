import { expect, test } from 'vitest';
import { ask, compiledOf, documentWith, faultsOf, outcomeOf } from '../../testing/try-route.js';

const having = (groups: readonly string[], acl: object): string =>
  outcomeOf(ask(compiledOf(documentWith([{ anonymous: { groups } }, { acl }]))));

test('a denied group keeps out, whatever else the caller is in; where groups are allowed, one is needed', () => {
  expect(having(['a'], { allow: ['a', 'b'] })).toBe('forward');
  expect(having(['c'], { allow: ['a', 'b'] })).toBe('group_denied');
  expect(having([], { allow: ['a'] })).toBe('group_denied');
  expect(having(['a', 'c'], { allow: ['a'], deny: ['c'] })).toBe('group_denied');
  expect(having([], { deny: ['c'] })).toBe('forward');
});

test('a group that is allowed and denied is refused, with its place and a remedy', () => {
  expect(faultsOf([{ anonymous: {} }, { acl: { allow: ['a', 'b'], deny: ['b'] } }])).toMatchObject([
    { at: '/1/acl/allow/1', fix: 'take it out of one of the lists' },
  ]);
});
