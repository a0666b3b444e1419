import { expect, test } from 'vitest';
import { ask, compiledOf, documentWith, faultsOf } from '../../testing/try-route.js';

test('times that could not work are refused, with a remedy', () => {
  expect(faultsOf([{ timeouts: {} }])).toMatchObject([{ at: '/0/timeouts' }]);
  expect(faultsOf([{ timeouts: { perTryMs: 3000, totalMs: 2000 } }])).toMatchObject([
    { at: '/0/timeouts/perTryMs', fix: 'write at most totalMs' },
  ]);
});

test('what is not said is as the upstream says', () => {
  expect(ask(compiledOf(documentWith([{ timeouts: { totalMs: 2000 } }])))).toMatchObject({
    transport: { timeoutMs: undefined, perTryTimeoutMs: undefined, totalTimeoutMs: 2000 },
  });
});
