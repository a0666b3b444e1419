import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalPath } from '../path.js';
import type { Decision, Need } from '../decision.js';
import { ask, compileSketch, faultsOf, forwarded } from '../testing/try-routes.js';
import type { TriedRequest } from '../testing/try-engine.js';

const decideOn = (route: object, request: TriedRequest, hosts?: readonly string[]): Decision | Need =>
  ask(compileSketch({ a: { routes: [{ name: 'r', match: { path: { prefix: '/' } }, ...route }] } }, hosts), request);
const sentTo = (route: object, path: string): string | null => {
  const decision = decideOn(route, { path });
  return decision.kind === 'answer' ? decision.code : decision.kind === 'forward' ? decision.path : null;
};
const faultsIn = (route: object): string[] =>
  faultsOf({ a: { routes: [{ name: 'r', match: { path: { prefix: '/' } }, ...route }] } });
const on = (path: object): { match: object } => ({ match: { path } });

describe('rewrite', () => {
  test('fills in what the template took', () => {
    const route = { ...on({ template: '/users/{id}/orders/{rest...}' }), rewrite: '/v2/{rest}/of-{id}' };
    expect(['/users/7/orders/a/b', '/users/%20x/orders/'].map((path) => sentTo(route, path))).toEqual([
      '/v2/a/b/of-7',
      '/v2//of-%20x',
    ]);
  });

  test('{rest} is what follows a prefix, with one slash between', () => {
    const route = { ...on({ prefix: '/users' }), rewrite: '/v2/people/{rest}' };
    expect(['/users/7/x', '/users', '/users/', '/users//7'].map((path) => sentTo(route, path))).toEqual([
      '/v2/people/7/x',
      '/v2/people/',
      '/v2/people/',
      '/v2/people//7',
    ]);
    expect(sentTo({ ...on({ rawPrefix: '/users-' }), rewrite: '/v2/{rest}' }, '/users-7')).toBe('/v2/7');
    expect(sentTo({ ...on({ prefix: '/users' }), rewrite: '/v2{rest}' }, '/users')).toBe('/v2');
  });

  test('the query goes on as it came', () => {
    const route = { ...on({ exact: '/old' }), rewrite: '/new' };
    expect(forwarded(decideOn(route, { path: '/old', query: '?a=1&b=%20' }))).toMatchObject({
      path: '/new',
      query: '?a=1&b=%20',
    });
  });

  test('what would be another path to the upstream is refused, not sent', () => {
    const route = { ...on({ rawPrefix: '/a' }), rewrite: '/private/{rest}' };
    expect(sentTo(route, '/a../secret')).toBe('bad_request');
    expect(sentTo({ ...on({ rawPrefix: '/a' }), strip: '/a' }, '/a../secret')).toBe('bad_request');
    expect(decideOn(route, { path: '/a../x' }).reasons).toContainEqual({ code: 'path_unsafe', route: 'a/r' });
  });

  test('whatever goes upstream is canonical', () => {
    const piece = fc.constantFrom('/', '.', '..', 'a', '%41', '%2e', '%25', '//', ';');
    const compiled = compileSketch({
      a: {
        routes: [
          { name: 'raw', ...on({ rawPrefix: '/a' }), rewrite: '/x/{rest}' },
          { name: 'strip', ...on({ rawPrefix: '/d' }), strip: '/d' },
          { name: 'template', ...on({ template: '/b/{p}/{rest...}' }), rewrite: '/{rest}/.{p}' },
          { name: 'regex', ...on({ regex: '/c(?P<x>.*)' }), rewrite: '/x{x}' },
        ],
      },
    });
    fc.assert(
      fc.property(fc.constantFrom('/a', '/d', '/b/', '/c'), fc.array(piece, { maxLength: 6 }), (first, rest) => {
        const path = canonicalPath(first + rest.join(''));
        if (!path.ok) return;
        const decision = ask(compiled, { path: path.path });
        if (decision.kind !== 'forward') return;
        expect(canonicalPath(decision.path)).toEqual({ ok: true, path: decision.path });
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['/v2/{id}', '/v2/{id} names {id}, which the route does not know'],
    ['/v2/{', 'a brace in /v2/{ has no partner'],
    ['/v2/../{rest}', '/v2/../'],
  ])('%s cannot be filled in, and is refused where it stands', (rewrite, fault) => {
    expect(faultsIn({ rewrite })).toEqual([expect.stringContaining(fault)]);
    expect(faultsIn({ rewrite })[0]).toContain('/apis/a/routes/0/rewrite: ');
  });
});

describe('nginx: location /api/users/ { proxy_pass http://up/; }', () => {
  // A location with a slash at its end goes by bytes, and nginx redirects the path without the slash.
  const compiled = compileSketch({
    a: {
      routes: [
        { name: 'users', match: { path: { rawPrefix: '/api/users/' } }, strip: '/api/users' },
        {
          name: 'slash',
          match: { path: { exact: '/api/users' } },
          redirect: { to: '/api/users/{query}', status: 301 },
        },
        { name: 'health', match: { path: { rawPrefix: '/health' } }, answer: { body: 'OK' } },
      ],
    },
  });

  test('what follows the slash goes upstream, from the root', () => {
    const paths = ['/api/users/', '/api/users/7', '/api/users//7'].map(
      (path) => forwarded(ask(compiled, { path })).path,
    );
    expect(paths).toEqual(['/', '/7', '//7']);
    expect(ask(compiled, { path: '/api/users2' })).toMatchObject({ kind: 'answer', code: 'no_route' });
  });

  test('the path without the slash is redirected there, with its query', () => {
    expect(ask(compiled, { path: '/api/users', query: '?page=2' })).toMatchObject({
      status: 301,
      code: null,
      answerHeaders: [['location', '/api/users/?page=2']],
      reasons: [
        { code: 'route_matched' },
        { code: 'key_not_required' },
        { code: 'redirected', location: '/api/users/' },
      ],
    });
  });

  test('return 200 "OK" for all that begins with /health', () => {
    expect(ask(compiled, { path: '/healthz' })).toMatchObject({
      kind: 'answer',
      status: 200,
      code: null,
      body: { text: 'OK', contentType: 'text/plain; charset=utf-8' },
    });
  });
});

describe('redirect', () => {
  const locationOf = (to: string, request: TriedRequest, path: object = { prefix: '/' }): string | null => {
    const decision = decideOn({ ...on(path), redirect: { to } }, request, ['api.acme.test', '*.acme.example']);
    if (decision.kind !== 'answer') return null;
    return decision.code ?? decision.answerHeaders.find(([name]) => name === 'location')?.[1] ?? null;
  };

  test('fills in path, host, query, and what the template took', () => {
    const request = { path: '/users/7', query: '?a=1' };
    expect(locationOf('https://{host}{path}{query}', request)).toBe('https://api.acme.test/users/7?a=1');
    expect(locationOf('/people/{id}', request, { template: '/users/{id}' })).toBe('/people/7');
    expect(locationOf('/people/{rest}', request, { prefix: '/users/' })).toBe('/people/7');
    expect(locationOf('/people?from=old{query}', request)).toBe('/people?from=old&a=1');
    expect(locationOf('/login?next={path}', { path: '/a&b=%20c' })).toBe('/login?next=%2Fa%26b%3D%2520c');
  });

  test('what is put into the Location is a URL, whatever came in', () => {
    expect(locationOf('{path}{query}', { path: '/a"<>^`{|}', query: '?\u00e9 \r\n\ud800' })).toBe(
      '/a%22%3C%3E%5E%60%7B%7C%7D?%C3%A9%20%0D%0A%EF%BF%BD',
    );
  });

  test('a client cannot make it lead to another host', () => {
    expect(locationOf('{path}', { path: '//evil.test/x' })).toBe('bad_request');
    expect(locationOf('/{rest}', { path: '//evil.test' })).toBe('bad_request');
    expect(locationOf('/x{path}', { path: '//evil.test' })).toBe('/x//evil.test');
    expect(locationOf('https://{host}/', { host: 'evil.test/.acme.example' })).toBe('bad_request');
  });

  test.each([
    ['//evil.test', 'neither a path nor a URL'],
    ['javascript:alert(1)', 'neither a path nor a URL'],
    ['https://{rest}/', 'must not be left to the client'],
    ['https://{host}.evil.test/', 'must not be left to the client'],
    ['https://user@acme.test/', 'must not be left to the client'],
    ['/a\r\nset-cookie: x', 'a space, a backslash'],
    ['/\\evil.test', 'a space, a backslash'],
    ['/{nobody}', 'which the route does not know'],
    ['https://acme.test{rest}', 'must not be left to the client'],
  ])('%j is refused where it stands', (to, fault) => {
    expect(faultsIn({ redirect: { to } })).toEqual([expect.stringContaining(fault)]);
    expect(faultsIn({ redirect: { to } })[0]).toContain('/apis/a/routes/0/redirect/to: ');
  });
});

test('a placeholder that a redirect would read in another way must be renamed', () => {
  const route = { ...on({ template: '/old/{path...}' }), redirect: { to: '/new/{path}' } };
  expect(faultsIn(route)[0]).toContain('/redirect/to: the path of the route has a placeholder {path}');
});

test('an answer that can have no body is refused one', () => {
  expect(faultsIn({ answer: { status: 204, body: 'x' } })).toEqual([
    '/apis/a/routes/0/answer/body: an answer of status 204 has no body (RFC 9110)',
  ]);
  expect(decideOn({ answer: { status: 204 } }, {})).toMatchObject({ status: 204, body: undefined });
});
