import { expect, test } from 'vitest';
import { limitWords, sentenceOf } from './sentences';

test('a refusal by a limit names the limit in words and when it starts anew', () => {
  const sentence = sentenceOf({ code: 'limit_used_up', limit: 'window-60000', units: 1000, resetMs: 36_200 });
  expect(sentence).toEqual({
    stage: 'Limit',
    text: 'The limit of 1,000 units per minute was used up; it starts anew 37 s later.',
    isPassing: false,
  });
});

test('how an arm was chosen is said with its weight and bucket', () => {
  const sentence = sentenceOf({ code: 'arm_by_application', arm: 'canary', weightBps: 550, bucket: 12 });
  expect(sentence.text).toBe('The arm canary with 5.5 % took it: the application falls into bucket 12 of 10,000.');
});

test('a reason of a newer gateway is shown with its data, not hidden', () => {
  expect(sentenceOf({ code: 'moon_phase', phase: 'full' }).text).toBe('code moon_phase, phase full');
});

test('windows read as people say them', () => {
  expect([limitWords('window-86400000'), limitWords('window-129600000'), limitWords('x')]).toEqual([
    'per day',
    'per 36 hours',
    'x',
  ]);
});
