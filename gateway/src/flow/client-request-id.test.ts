import { expect, test } from 'vitest';
import { clientRequestId } from './client-request-id.js';

test.each([
  [undefined, ''],
  ['mine', 'mine'],
  ['a'.repeat(200), 'a'.repeat(128)],
  // As node:http gives headers: one character for each byte, which takes two bytes in UTF-8.
  ['\u00e9'.repeat(100), '\u00e9'.repeat(64)],
  [`a${'\u00e9'.repeat(100)}`, `a${'\u00e9'.repeat(63)}`],
])('what a client calls its request takes 128 bytes at most: %s', (given, kept) => {
  expect(clientRequestId(given)).toBe(kept);
});
