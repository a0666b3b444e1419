import { describe, expect, test } from 'vitest';
import { ask, compileSketch, faultsOf, takerOf } from '../testing/try-routes.js';
import type { ApiSketch, RouteSketch } from '../testing/try-routes.js';
import { wantedVersion } from './media-version.js';

const route: RouteSketch = { name: 'list', match: { path: { prefix: '/orders' } }, strip: '/orders' };
const sideBySide = (by: 'path' | 'host' | 'header' | 'media-type', header?: string): Record<string, ApiSketch> => ({
  one: { version: 'v1', versioning: { by, header, isDefault: true }, routes: [route] },
  two: { version: 'v2', versioning: { by, header }, routes: [route] },
});

describe('two versions of one path, side by side', () => {
  test('by path, which is also taken off before what strip names', () => {
    const compiled = compileSketch(sideBySide('path'));
    const taker = (path: string): string | null => takerOf(compiled, { path });
    expect(['/v1/orders', '/v2/orders/7', '/orders', '/v3/orders'].map(taker)).toEqual([
      'one/list',
      'two/list',
      'no_route',
      'no_route',
    ]);
    expect(ask(compiled, { path: '/v2/orders/7' })).toMatchObject({ path: '/7' });
  });

  test('by host: on those of the environment that begin with the version', () => {
    const compiled = compileSketch(sideBySide('host'), ['v1.acme.test', '*.acme.example', 'api.acme.example']);
    const taker = (host: string): string | null => takerOf(compiled, { host, path: '/orders' });
    expect(
      ['v1.acme.test', 'v2.acme.example', 'v2.api.acme.example', 'v1.other.acme.example', 'api.acme.example'].map(
        taker,
      ),
    ).toEqual(['one/list', 'two/list', 'two/list', 'no_route', 'no_route']);
  });

  test('by header, and the default where none is sent', () => {
    for (const name of [undefined, 'api-version']) {
      const compiled = compileSketch(sideBySide('header', name));
      const taker = (headers: Record<string, string>): string | null => takerOf(compiled, { path: '/orders', headers });
      const sent = (value: string): Record<string, string> => ({ [name ?? 'x-api-version']: value });
      expect([taker(sent('v1')), taker(sent('v2')), taker({}), taker(sent('v9'))]).toEqual([
        'one/list',
        'two/list',
        'one/list',
        'no_route',
      ]);
    }
  });

  test('by media type, and the default where none names a version', () => {
    const compiled = compileSketch(sideBySide('media-type'));
    const taker = (accept?: string): string | null =>
      takerOf(compiled, { path: '/orders', headers: accept === undefined ? {} : { accept } });
    expect(taker('application/vnd.acme.orders.v2+json')).toBe('two/list');
    expect(taker('application/json;version=v2, */*;q=0.1')).toBe('two/list');
    expect(taker('application/vnd.acme.v1+json;q=0.5, application/vnd.acme.v2+json')).toBe('two/list');
    expect([taker(), taker('*/*'), taker('application/json'), taker('application/vnd.acme+json')]).toEqual(
      Array.from({ length: 4 }, () => 'one/list'),
    );
    expect(taker('application/vnd.acme.v9+json')).toBe('no_route');
  });
});

test('versions of one path that nothing tells apart are reported', () => {
  const same = { version: 'v1', versioning: { by: 'header' as const }, routes: [route] };
  expect(faultsOf({ one: same, two: same })[0]).toContain('two/list is shadowed by one/list');
});

test('a version that no host can carry is refused', () => {
  expect(faultsOf({ two: { version: 'v2', versioning: { by: 'host' }, routes: [route] } })).toEqual([
    '/apis/two/routes/0/match: no host of this environment begins with v2.',
  ]);
  const wild = { ...route, match: { path: { prefix: '/' }, hosts: ['*.acme.test'] } };
  expect(
    faultsOf({ two: { version: 'v2', versioning: { by: 'host' }, routes: [wild] } }, ['*.acme.test'])[0],
  ).toContain('/apis/two/routes/0/match/hosts: the version v2 cannot come before a wildcard host');
});

test.each([
  ['application/vnd.github.v3.raw+json', 'v3'],
  ['application/vnd.acme.2026-11-01+json', '2026-11-01'],
  ['application/vnd.acme.1.2+json', '1.2'],
  ['Application/JSON; Version="V2"', 'v2'],
  ['text/html, application/vnd.3gpp.sms', undefined],
  ['application/json;q=0;version=v2', undefined],
  [',;=,', undefined],
  [undefined, undefined],
])('Accept: %s asks for %s', (accept, version) => {
  expect(wantedVersion(accept)).toBe(version);
});

describe('two versions that are both the default', () => {
  const both = (one: object = {}, two: object = {}): string[] =>
    faultsOf({
      one: { version: 'v1', versioning: { by: 'header', isDefault: true }, routes: [{ ...route, ...one }] },
      two: { version: 'v2', versioning: { by: 'header', isDefault: true }, routes: [{ ...route, ...two }] },
    });

  test('are told of at the one that would lose', () => {
    expect(both()).toEqual([
      '/apis/two/versioning/isDefault: the APIs one and two both take requests that name no version: one/list goes before two/list',
    ]);
  });

  test('are none where they meet in no request, or one goes before the other for a reason', () => {
    const path = { prefix: '/orders' };
    expect(both({ match: { path: { prefix: '/others' } }, strip: undefined })).toEqual([]);
    expect(both({ match: { path, methods: ['GET'] } }, { match: { path, methods: ['POST'] } })).toEqual([]);
    expect(both({ match: { path, methods: ['GET'] } })).toEqual([]);
    const regex = (text: string): object => ({ match: { path: { regex: text } }, strip: undefined });
    expect(both(regex('/a[0-9]'), regex('/b[0-9]'))).toEqual([]);
    expect(both(regex('/a[0-9]'), regex('/a[0-9]'))).toHaveLength(1);
    expect(both({ match: { path, priority: 1 } })).toEqual([]);
    expect(both({ match: { path, headers: [{ name: 'x-beta', present: true }] } })).toEqual([]);
  });
});
