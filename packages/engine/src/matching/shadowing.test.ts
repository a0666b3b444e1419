import { expect, test } from 'vitest';
import { faultsOf } from '../testing/try-routes.js';
import type { RouteSketch } from '../testing/try-routes.js';

const at = (name: string, path: unknown, more: object = {}): RouteSketch => ({ name, match: { path, ...more } });
const shadowed = (routes: readonly RouteSketch[], hosts?: readonly string[]): string[] =>
  faultsOf({ a: { routes } }, hosts).map((fault) => fault.replace(/^[^:]*: the route /, ''));

const high = { priority: 1 };
const header = (...names: string[]): object => ({ headers: names.map((name) => ({ name, present: true })) });

test.each([
  ['the same path', at('a', { exact: '/x' }), at('b', { exact: '/x' })],
  ['the same path, written another way', at('a', { prefix: '/x' }), at('b', { prefix: '/x/' })],
  ['placeholders of other names', at('a', { template: '/{a}/x' }), at('b', { template: '/{b}/x' })],
  ['a template without placeholders', at('a', { exact: '/x' }), at('b', { template: '/x' })],
  ['the same regex', at('a', { regex: '/x[0-9]' }), at('b', { regex: '/x[0-9]' })],
  [
    'fewer methods',
    at('a', { exact: '/x' }, { methods: ['GET', 'PUT'] }),
    at('b', { exact: '/x' }, { methods: ['PUT'] }),
  ],
  [
    'HEAD below GET',
    at('a', { exact: '/x' }, { ...high, methods: ['GET'] }),
    at('b', { exact: '/x' }, { methods: ['HEAD'] }),
  ],
  ['a prefix of higher priority', at('a', { prefix: '/x' }, high), at('b', { template: '/x/y/{z}' })],
  ['a raw prefix of higher priority', at('a', { rawPrefix: '/x' }, high), at('b', { prefix: '/xy' })],
  ['a template of higher priority', at('a', { template: '/{a}/{b}' }, high), at('b', { template: '/x/{y}' })],
  ['all that follows', at('a', { template: '/x/{rest...}' }, high), at('b', { template: '/x/{y}/{z}' })],
  ['everything, before a regex', at('a', { prefix: '/' }, high), at('b', { regex: '.*x' })],
  ['a prefix before a regex', at('a', { prefix: '/x' }, high), at('b', { regex: '/x/[a-z]+' })],
  ['a regex before what it matches', at('a', { regex: '/[a-z]+' }, high), at('b', { exact: '/abc' })],
  [
    'fewer predicates',
    at('a', { exact: '/x' }, { ...high, ...header('x-a') }),
    at('b', { exact: '/x' }, header('x-a', 'x-b')),
  ],
  [
    'a value that is one of many',
    at('a', { exact: '/x' }, { ...high, query: [{ name: 'q', regex: 'a+' }] }),
    at('b', { exact: '/x' }, { query: [{ name: 'q', exact: 'aa' }] }),
  ],
])('a route that can never win is reported by name: %s', (_, winner, loser) => {
  for (const routes of [
    [winner, loser],
    [loser, winner],
  ]) {
    const faults = shadowed(routes);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('a/b is shadowed by a/a, which takes the same requests');
  }
});

test.each([
  ['another path', at('a', { exact: '/x' }), at('b', { exact: '/y' })],
  ['a wider path', at('a', { template: '/x/{y}' }, high), at('b', { prefix: '/x' })],
  ['a wider template', at('a', { template: '/{a}/y' }, high), at('b', { template: '/{a}/{b}' })],
  ['an empty segment', at('a', { template: '/x/{y}' }, high), at('b', { exact: '/x/' })],
  ['the path without what follows', at('a', { template: '/x/{rest...}' }, high), at('b', { prefix: '/x' })],
  ['a regex that begins further up', at('a', { prefix: '/x' }, high), at('b', { regex: '/x[a-z]*' })],
  ['other methods', at('a', { exact: '/x' }, { methods: ['GET'] }), at('b', { exact: '/x' }, { methods: ['POST'] })],
  ['all other methods', at('a', { exact: '/x' }, { methods: ['GET'] }), at('b', { exact: '/x' })],
  [
    'GET and HEAD apart',
    at('a', { exact: '/x' }, { methods: ['GET'] }),
    at('b', { exact: '/x' }, { methods: ['HEAD'] }),
  ],
  ['other headers', at('a', { exact: '/x' }, header('x-a')), at('b', { exact: '/x' }, header('x-b'))],
  [
    'another value',
    at('a', { exact: '/x' }, { query: [{ name: 'q', exact: '1' }] }),
    at('b', { exact: '/x' }, { query: [{ name: 'q', exact: '2' }] }),
  ],
  [
    'one value of many',
    at('b', { exact: '/x' }, { query: [{ name: 'q', exact: 'aa' }] }),
    at('a', { exact: '/x' }, { query: [{ name: 'q', regex: 'a+' }] }),
  ],
  ['no header at all', at('a', { exact: '/x' }, { ...high, ...header('x-a') }), at('b', { exact: '/x' })],
])('a route that has requests left is not reported: %s', (_, one, other) => {
  expect(shadowed([one, other])).toEqual([]);
});

test('two routes that share some methods are told which', () => {
  const routes = [
    at('a', { exact: '/x' }, { methods: ['GET', 'POST'] }),
    at('b', { exact: '/x' }, { methods: ['POST', 'PUT'] }),
  ];
  expect(shadowed(routes)).toEqual(['a/b is shadowed by a/a, which takes the same requests (POST)']);
});

test('a route that names hosts may go before one that does not, as long as that one has others', () => {
  const routes = [at('named', { exact: '/x' }, { hosts: ['api.acme.test'] }), at('all', { exact: '/x' })];
  expect(shadowed(routes, ['api.acme.test', 'two.acme.test'])).toEqual([]);
  expect(shadowed(routes, ['api.acme.test'])).toEqual(['a/all is shadowed by a/named, which takes the same requests']);
  const both = [at('a', { exact: '/x' }), at('b', { exact: '/x' }, { hosts: ['two.acme.test'] })];
  expect(shadowed(both, ['api.acme.test', 'two.acme.test'])).toEqual([]);
  const tied = [
    at('a', { exact: '/x' }, { hosts: ['api.acme.test'] }),
    at('b', { exact: '/x' }, { hosts: ['api.acme.test', 'two.acme.test'] }),
  ];
  expect(shadowed(tied, ['api.acme.test', 'two.acme.test'])).toEqual([
    'a/b is shadowed by a/a, which takes the same requests on api.acme.test',
  ]);
});
