import { expect, test } from 'vitest';
import { allBelow, firstBelow, hasErrorsBelow } from './errors-below';

const errors = { '/policies/1/jwt/issuers/0/url': 'Write a URL.', '/policies/10/cors': 'Unknown.', '/name': 'Taken.' };

test('errors are found below their own pointer, not below one that only begins alike', () => {
  expect(firstBelow(errors, '/policies/1')).toBe('Write a URL.');
  expect(allBelow(errors, '/policies/1/jwt')).toBe('issuers/0/url: Write a URL.');
  expect(allBelow(errors, '/policies/10/cors')).toBe('Unknown.');
  expect(hasErrorsBelow(errors, '/match', '/policies/2')).toBe(false);
});
