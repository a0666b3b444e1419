import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalPath } from './path.js';

const pathOf = (raw: string): string => {
  const result = canonicalPath(raw);
  return result.ok ? result.path : result.fault;
};

test('dot segments are resolved, unreserved escapes decoded, empty segments kept', () => {
  expect(pathOf('/a/./b/../c')).toBe('/a/c');
  expect(pathOf('/../../a')).toBe('/a');
  expect(pathOf('/a//../b')).toBe('/a/b');
  expect(pathOf('//a///b//')).toBe('//a///b//');
  expect(pathOf('/a/..')).toBe('/');
  expect(pathOf('/a/.')).toBe('/a/');
  expect(pathOf('/%61%7e%2d')).toBe('/a~-');
  expect(pathOf('/%e4%3a')).toBe('/%E4%3A');
  expect(pathOf('/.well-known/a..b')).toBe('/.well-known/a..b');
  expect(pathOf('/..a;b/a;v=1')).toBe('/..a;b/a;v=1');
});

test('what two parsers may read differently is refused', () => {
  expect(
    [
      '/a/..;/b',
      '/a/.;x=1/b',
      '/a%2fb',
      '/a%5Cb',
      '/a\\b',
      '/a%00',
      '/%2e%2e/a',
      '/a%',
      '/a%zz',
      '/a b',
      '/a\u00e9',
      '/a#b',
      'a',
      '*',
      '',
    ].map(pathOf),
  ).toEqual([
    'dot_parameter',
    'dot_parameter',
    'encoded_slash',
    'encoded_slash',
    'forbidden_character',
    'encoded_nul',
    'encoded_dot',
    'broken_escape',
    'broken_escape',
    'forbidden_character',
    'forbidden_character',
    'forbidden_character',
    'no_leading_slash',
    'no_leading_slash',
    'no_leading_slash',
  ]);
});

test('the canonical form of a canonical path is itself, and holds no dot segment', () => {
  const piece = fc.constantFrom('/', '.', '..', 'a', '%61', '%41', '%7E', '%20', '%25', ';', '-');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const once = canonicalPath(`/${pieces.join('')}`);
      if (!once.ok) return;
      expect(canonicalPath(once.path)).toEqual(once);
      expect(once.path.split('/').some((segment) => segment === '.' || segment === '..')).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
