import { expect, test } from 'vitest';
import { restOf } from './said-once';

test('an error below its title does not say the title again', () => {
  const title = 'Sign in first';
  expect(restOf({ title, detail: 'Sign in first: there is no session with this request.' })).toBe(
    'There is no session with this request.',
  );
  expect(restOf({ title, detail: 'Sign in first.' })).toBe('');
  expect(restOf({ title, detail: 'The session has ended.' })).toBe('The session has ended.');
});
