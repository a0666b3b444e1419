import { expect, test } from 'vitest';
import { limitLeftInWords, readRateLimit } from './rate-limit';

test('the limit strip says what is left, of how much, and until when', () => {
  const left = readRateLimit('"window-60000";r=99;t=42', '"window-60000";q=100;w=60');
  expect(left).toEqual({ left: 99, units: 100, windowSeconds: 60, resetSeconds: 42 });
  expect(left === null ? '' : limitLeftInWords(left)).toBe('99 of 100 left this minute; starts anew in 42 s');
});

test('an answer without a limit has no strip, and a missing policy invents no whole', () => {
  expect(readRateLimit(null, null)).toBeNull();
  const left = readRateLimit('"x";r=5', null);
  expect(left === null ? '' : limitLeftInWords(left)).toBe('5 left');
});
