import { expect, test } from 'vitest';
import { sentenceOf } from '../index.js';

test('a reason reads as one sentence', () => {
  expect(sentenceOf({ code: 'arm_by_application', arm: 'canary', bucket: 12, weightBps: 550 })).toBe(
    'The arm canary with 5.5 % took it: the application falls into bucket 12 of 10,000.',
  );
  expect(sentenceOf({ code: 'limit_used_up', limit: 'window-60000', units: 10, resetMs: 1500 })).toBe(
    'The limit window-60000 of 10 units was used up for another 2 s.',
  );
});
