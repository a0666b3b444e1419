import { expect, test } from 'vitest';
import { ask, compiledOf, documentWith, faultsOf } from '../../testing/try-route.js';

test('an upstream that does not exist is refused where it is named', () => {
  expect(faultsOf([{ mirror: { upstream: 'shadow' } }])).toEqual([
    {
      at: '/0/mirror/upstream',
      message: 'the policy mirror: the upstream shadow does not exist',
      fix: 'create it, or name one of: one',
    },
  ]);
});

test('a share of nothing copies nothing', () => {
  expect(ask(compiledOf(documentWith([{ mirror: { upstream: 'one', shareBps: 0 } }])))).toMatchObject({
    mirror: undefined,
  });
});
