import { expect, test } from 'vitest';
import { sentenceOf } from './sentences';

test('a refusal by a limit names the limit in words and when there is room again', () => {
  const sentence = sentenceOf({ code: 'limit_used_up', limit: 'window-60000', units: 1000, resetMs: 36_200 });
  expect(sentence).toEqual({
    stage: 'Limit',
    text: 'The limit of 1,000 units per minute was used up; there is room again 36 s later.',
    isPassing: false,
  });
});

test('how an arm was chosen is said with its weight and bucket', () => {
  const sentence = sentenceOf({ code: 'arm_by_application', arm: 'canary', weightBps: 550, bucket: 12 });
  expect(sentence.text).toBe('The arm canary with 5.5 % took it: the application falls into bucket 12 of 10,000.');
});

test('a reason of a newer gateway is shown with its data, not hidden, and taken for neither good nor bad', () => {
  expect(sentenceOf({ code: 'moon_phase', phase: 'full' })).toEqual({
    stage: 'Other',
    text: 'moon_phase: phase full',
    isPassing: null,
  });
  expect(sentenceOf({ code: 'moon_phase' }).text).toBe('moon_phase');
  expect(sentenceOf({}).text).toBe('a reason without a code');
});

test('a place among requests at a time is not promised for a moment that nobody knows', () => {
  expect(sentenceOf({ code: 'limit_used_up', limit: 'concurrency', units: 10, resetMs: 0 }).text).toBe(
    'The limit of 10 units at a time was used up.',
  );
});
