import { describe, expect, test } from 'vitest';
import { compile } from '../compile.js';
import { environmentOf } from '../testing/environment-of.js';
import { takerOf, compileSketch, faultsOf, sketchDocument } from '../testing/try-routes.js';
import type { RouteSketch } from '../testing/try-routes.js';
import { buildHostTable, findByPath } from './host-table.js';

const named = (paths: readonly object[], more: (index: number) => object = () => ({})): RouteSketch[] =>
  paths.map((path, index) => ({ name: `r${index}`, match: { path, ...more(index) }, answer: {} }));
const crowded = (routes: readonly RouteSketch[]): string[] =>
  faultsOf({ a: { routes } }).filter((fault) => fault.includes('is one too many'));
const repeated = (length: number, path: object): object[] => Array.from({ length }, () => path);
const header = (index: number): object => ({ headers: [{ name: 'x-a', exact: String(index) }] });

/** All ways to have a placeholder, or a word, in each of so many segments. */
const everyWay = (segments: number): object[] =>
  Array.from({ length: 2 ** segments }, (_, bits) => ({
    template:
      Array.from({ length: segments }, (__, place) => ((bits >> place) & 1 ? `/{p${place}}` : '/x')).join('') +
      '/{last}',
  }));

describe('no path can make a request be held against more routes than is cheap', () => {
  test.each([
    ['64 routes of one path', repeated(66, { exact: '/a' }), 2],
    ['64 routes of one template, whatever its placeholders are called', repeated(65, { template: '/a/{b}' }), 1],
    ['256 regexes', Array.from({ length: 257 }, (_, index) => ({ regex: `/a${index}[a-z]` })), 1],
    [
      '512 prefixes, each of the next',
      Array.from({ length: 514 }, (_, index) => ({ rawPrefix: `/${'a'.repeat(index)}` })),
      2,
    ],
  ])('%s are served, and the next is refused by name', (_, paths, refused) => {
    const faults = crowded(named(paths, header));
    expect(faults).toHaveLength(refused);
    expect(faults[0]).toMatch(/^\/apis\/a\/routes\/\d+\/match\/path: the route a\/r\d+ is one too many/);
  });

  test('templates that all go along with one path are bounded together, and what is left is found', () => {
    const routes = named(everyWay(9));
    const { compiled, refusals } = compile(environmentOf(sketchDocument({ a: { routes } })));
    expect(refusals.length).toBeGreaterThan(100);
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['path_crowded']));
    const table = compiled.hosts.get('api.acme.test') ?? buildHostTable([]);
    const found = findByPath(table, `${'/x'.repeat(9)}/y`);
    expect(found.length).toBeGreaterThan(100);
    expect(found.length).toBe(table.sorted.length);
  });

  test('as many that differ in words are no crowd', () => {
    const paths = Array.from({ length: 1500 }, (_, index) => ({
      template: `/users/{id}/things${index}/{thing}/{rest...}`,
    }));
    expect(crowded(named(paths))).toEqual([]);
    expect(crowded(named(everyWay(6)))).toEqual([]);
  });

  test('which are refused hangs on nothing but paths and names', () => {
    const routes = named(everyWay(9));
    const refused = (list: readonly RouteSketch[]): string[] =>
      crowded(list)
        .map((fault) => fault.replace(/^\S+/, ''))
        .toSorted();
    expect(refused(routes.toReversed())).toEqual(refused(routes));
  });

  test('a name that objects have a meaning for is no placeholder', () => {
    const faults = faultsOf({ a: { routes: named([{ template: '/{__proto__}' }]) } });
    expect(faults).toEqual([
      '/apis/a/routes/0/match/path/template: the template /{__proto__} cannot be read at {__proto__}',
    ]);
  });

  test('a template without end is refused', () => {
    const faults = faultsOf({ a: { routes: named([{ template: `${'/x'.repeat(64)}/{id}` }]) } });
    expect(faults).toEqual(['/apis/a/routes/0/match/path/template: the template has 65 segments, and 64 may be used']);
  });
});

test('regexes are held against other routes only so far as that is cheap', () => {
  const hostile = Array.from({ length: 250 }, (_, index) => ({ regex: `(?:.*x.{30}){2}${index}` }));
  const exact = Array.from({ length: 200 }, (_, index) => ({ exact: `/${'x'.repeat(1000)}${index}` }));
  // The last to be looked at is one that could never win; telling so would cost what telling it of all others costs.
  const last = { name: 'last', match: { path: { exact: '/last' }, priority: -1 }, answer: {} };
  const before = { name: 'before', match: { path: { regex: '/las[t]' }, priority: 1 }, answer: {} };
  expect(faultsOf({ a: { routes: [before, last] } })).toHaveLength(1);
  const routes = [
    before,
    last,
    ...named(hostile, () => ({ priority: 1 })),
    ...named(exact).map(({ name, ...route }) => Object.assign(route, { name: `exact-${name}` })),
  ];
  // Sixty million times as much in all: it would take hours.
  expect(faultsOf({ a: { routes } })).toEqual([]);
  expect(takerOf(compileSketch({ a: { routes } }), { path: '/none' })).toBe('no_route');
});
