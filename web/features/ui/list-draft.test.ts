import { expect, test } from 'vitest';
import { nextId, numberOrWord, wordsOf } from './list-draft';

test('a new entry gets an id that no other has, whichever went before', () => {
  expect([nextId([]), nextId([{ id: 0 }]), nextId([{ id: 4 }, { id: 2 }])]).toEqual([0, 1, 5]);
});

test('a list may be typed with commas, spaces or both, and trail off', () => {
  expect(wordsOf(' 502,503  504,\n')).toEqual(['502', '503', '504']);
  expect(wordsOf(' , ')).toEqual([]);
});

test('only digits become a number', () => {
  expect(['503', '2xx', '5.5', '-1', '1e3'].map(numberOrWord)).toEqual([503, '2xx', '5.5', '-1', '1e3']);
});
