import { expect, test } from 'vitest';
import { withoutCookie } from './cookies.js';

test.each([
  ['a=1; two=2; b=3', 'a=1; b=3'],
  ['two=2;two = 3;\ttwo=4; a=1', ' a=1'],
  ['two', ''],
  ['a=two=2; twofold=1; b', 'a=two=2; twofold=1; b'],
  ['', ''],
])('of %j a cookie is left out however it is written, and no other', (header, left) => {
  expect(withoutCookie(header, 'two')).toBe(left);
});
