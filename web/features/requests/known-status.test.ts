import { expect, test } from 'vitest';
import { knownStatus } from './known-status';

test('only a status of HTTP becomes a filter', () => {
  expect(['429', '499', '200'].map(knownStatus)).toEqual(['429', '499', '200']);
  expect(['abc', '99', '1000', '600', '4xx', '', undefined].map(knownStatus)).toEqual(Array(7).fill(undefined));
});
