import { expect, test } from 'vitest';
import { inOne } from './use-form';

test('an error says what is wrong and the remedy, and nothing twice', () => {
  expect(inOne('write at least 2 characters', 'write at least 2')).toBe('write at least 2 characters');
  expect(inOne('Invalid input: expected number', 'write a value of type number')).toBe('write a value of type number');
  expect(inOne('the name is taken.', 'choose another')).toBe('the name is taken: choose another');
  expect(inOne('begin with /', 'begin with /')).toBe('begin with /');
});
