import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldOf, isToken, listHas, scanFields } from './fields.js';

const scan = (text: string): readonly string[] | string => {
  const fields: string[] = [];
  return scanFields(text, 0, fields) ?? fields;
};

test('names stay as written, values lose the white space around them, and nothing else', () => {
  expect(scan('Host: a\r\nX-Empty:\r\nx-tabs:\t b\tc \t\r\nX-High: caf\u00e9\r\n')).toEqual([
    'Host',
    'a',
    'X-Empty',
    '',
    'x-tabs',
    'b\tc',
    'X-High',
    'caf\u00e9',
  ]);
  expect(scan('')).toEqual([]);
});

test.each([
  [' folded: 1\r\n', 'folded'],
  ['A: 1\r\n\t2\r\n', 'folded'],
  ['A : 1\r\n', 'space_before_colon'],
  ['A\t: 1\r\n', 'space_before_colon'],
  [': 1\r\n', 'no_name'],
  ['A B: 1\r\n', 'space_before_colon'],
  ['A(: 1\r\n', 'bad_name'],
  ['A\0: 1\r\n', 'bad_name'],
  ['\u00e9: 1\r\n', 'bad_name'],
  ['A\r\n', 'bad_line_end'],
  ['A: 1\0\r\n', 'bad_value'],
  ['A: 1\x7f\r\n', 'bad_value'],
  ['A: 1\x0b\r\n', 'bad_value'],
  ['A: 1\nB: 2\r\n', 'bad_line_end'],
  ['A: 1\rB: 2\r\n', 'bad_line_end'],
  ['A: 1\r', 'bad_line_end'],
  ['A: 1', 'bad_line_end'],
])('%j is refused as %s', (text, fault) => {
  expect(scan(text)).toBe(fault);
});

test('what is taken comes out as it went in, whatever names and values are', () => {
  const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,20}$/);
  const value = fc.stringMatching(/^(?:[!-~\x80-\xff](?:[ \t!-~\x80-\xff]{0,20}[!-~\x80-\xff])?)?$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(token, value)), (fields) => {
      expect(scan(fields.map(([name, one]) => `${name}: ${one}\r\n`).join(''))).toEqual(fields.flat());
    }),
  );
});

test('a field is found by its name in any case, and several are one list', () => {
  const fields = ['X-A', '1', 'Cookie', 'a=1', 'x-a', '2', 'COOKIE', 'b=2', 'constructor', 'c'];
  expect(['x-a', 'cookie', 'constructor', 'x-b', 'toString'].map((name) => fieldOf(fields, name))).toEqual([
    '1, 2',
    'a=1; b=2',
    'c',
    undefined,
    undefined,
  ]);
});

test('tokens in a list are found as a whole', () => {
  expect(['close', 'Keep-Alive , CLOSE', 'closed', 'x,close,y', ''].map((value) => listHas(value, 'close'))).toEqual([
    true,
    true,
    false,
    true,
    false,
  ]);
  expect(['GET', 'M-SEARCH', '', 'A B', 'A,'].map(isToken)).toEqual([true, true, false, false, false]);
});
