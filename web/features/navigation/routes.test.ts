import { readFileSync, globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { routes, safeNext } from './routes';

test('names are escaped and filters travel in the query', () => {
  expect(routes.route('acme', 'users', 'a/b')).toBe('/acme/apis/users/routes/a%2Fb');
  expect(routes.requests('acme', { status: 429, route: undefined })).toBe('/acme/requests?status=429');
});

test('signing in never leads to another site', () => {
  for (const next of [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'evil.example',
    '/a b',
    '',
    undefined,
  ]) {
    expect(safeNext(next)).toBe('/');
  }
  expect(safeNext('/acme?at=//evil.example')).toBe('/acme?at=//evil.example');
  expect(safeNext('/acme/requests?status=429')).toBe('/acme/requests?status=429');
});

test('no component writes an address of the console by hand', () => {
  const files = globSync('{app,features}/**/*.tsx', { cwd: new URL('../..', import.meta.url) });
  expect(files.length).toBeGreaterThan(20);
  const byHand = files.filter((file) =>
    /`\/\$\{tenant\}/.test(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')),
  );
  expect(byHand).toEqual([]);
});
