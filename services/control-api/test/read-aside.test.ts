// Long texts are read in a thread: of the built files, because a thread starts from one.
import { expect, test } from 'vitest';
import { readAside } from '../dist/document/read-aside.js';

const long = (body: string): string => `${'# as long as it takes to go to a thread\n'.repeat(1000)}${body}`;

test('a long text is read while everything else goes on, with its values, errors and positions', async () => {
  let [turns, isRead] = [0, false];
  const turn = (): void => {
    turns += 1;
    if (!isRead) setImmediate(turn);
  };
  setImmediate(turn);
  const { value, errors, positions } = await readAside({
    text: long('a: { b: [1, 2] }\n'),
    pointers: ['/a/b', '/a/b/1'],
  });
  isRead = true;
  expect({ value, errors, positions }).toEqual({
    value: { a: { b: [1, 2] } },
    errors: [],
    positions: [
      { line: 1001, column: 6 },
      { line: 1001, column: 13 },
    ],
  });
  expect(turns).toBeGreaterThan(1);
  expect((await readAside({ text: long('a: 1\na: 2\n'), pointers: [] })).errors).toMatchObject([{ line: 1002 }]);
});

test('texts that come at once are read one after the other, and one that breaks its thread spoils no other', async () => {
  const texts = [long('a: 1'), '['.repeat(200_000), long('a: 2')];
  const told = await Promise.all(texts.map(async (text) => readAside({ text, pointers: [] })));
  expect(told.map(({ value }) => value)).toEqual([{ a: 1 }, undefined, { a: 2 }]);
  expect(told.map(({ errors }) => errors.length > 0)).toEqual([false, true, false]);
});
