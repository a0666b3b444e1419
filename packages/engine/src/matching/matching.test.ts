import { describe, expect, test } from 'vitest';
import { validateDocument } from '../compile.js';
import { ask, compileSketch, faultsOf, sketchDocument, takerOf } from '../testing/try-routes.js';
import type { ApiSketch, RouteSketch } from '../testing/try-routes.js';

const oneApi = (...routes: readonly RouteSketch[]): Readonly<Record<string, ApiSketch>> => ({ a: { routes } });
const at = (name: string, path: unknown, more: object = {}): RouteSketch => ({ name, match: { path, ...more } });

describe('paths', () => {
  const compiled = compileSketch(
    oneApi(
      at('exact', { exact: '/users/me' }),
      at('template', { template: '/users/{id}' }),
      at('deep', { template: '/users/{id}/orders/{order}' }),
      at('literal', { template: '/users/{id}/orders/open' }),
      at('rest', { template: '/files/{folder}/{rest...}' }),
      at('prefix', { prefix: '/users' }),
      at('raw', { rawPrefix: '/use' }),
      at('longer-raw', { rawPrefix: '/user-' }),
      at('regex', { regex: '/v[0-9]+/.*' }),
    ),
  );
  const taker = (path: string): string | null => takerOf(compiled, { path });

  test('the order of kinds is exact, template, prefix, raw prefix, regex', () => {
    expect(['/users/me', '/users/7', '/users/7/x', '/users2', '/v12/x'].map(taker)).toEqual([
      'a/exact',
      'a/template',
      'a/prefix',
      'a/raw',
      'a/regex',
    ]);
  });

  test('a placeholder stands for one segment that is not empty', () => {
    expect(['/users/7/orders/9', '/users/7/orders/open', '/users//orders/9', '/users/'].map(taker)).toEqual([
      'a/deep',
      'a/literal',
      'a/prefix',
      'a/prefix',
    ]);
  });

  test('{rest...} takes all that follows its slash, be it nothing', () => {
    expect(['/files/a/b/c', '/files/a/', '/files/a', '/files//b'].map(taker)).toEqual([
      'a/rest',
      'a/rest',
      'no_route',
      'no_route',
    ]);
  });

  test('a raw prefix goes by bytes, and the longest one wins', () => {
    expect(['/use', '/user-7', '/user', '/us'].map(taker)).toEqual(['a/raw', 'a/longer-raw', 'a/raw', 'no_route']);
  });

  test('a regex must match the whole path', () => {
    expect(['/v1/', '/v1', '/x/v1/', '/vx/'].map(taker)).toEqual(['a/regex', 'no_route', 'no_route', 'no_route']);
  });

  test('a longer prefix is before a template that leaves more open', () => {
    const open = compileSketch(oneApi(at('all', { template: '/{rest...}' }), at('orders', { prefix: '/orders' })));
    expect([takerOf(open, { path: '/orders/7' }), takerOf(open, { path: '/x' })]).toEqual(['a/orders', 'a/all']);
  });

  test('priority comes before everything else, for a regex too', () => {
    const prior = compileSketch(
      oneApi(
        at('template', { template: '/{any}' }),
        at('regex', { regex: '/[a-z]' }, { priority: 1 }),
        at('posts', { prefix: '/' }, { methods: ['POST'] }),
      ),
    );
    expect(['/a', '/ab', '/a/b'].map((path) => takerOf(prior, { path }))).toEqual([
      'a/regex',
      'a/template',
      'method_not_allowed',
    ]);
  });
});

describe('hosts', () => {
  const compiled = compileSketch(
    oneApi(
      at('everywhere', { exact: '/x' }),
      at('wild', { prefix: '/' }, { hosts: ['*.acme.test'] }),
      at('named', { prefix: '/' }, { hosts: ['api.acme.test'] }),
      at('below', { prefix: '/' }, { hosts: ['*.eu.acme.test'] }),
    ),
    ['*.acme.test', 'acme.example', 'shop.acme.test'],
  );
  const taker = (host: string, path = '/y'): string | null => takerOf(compiled, { host, path });

  test('an exact host is before a wildcard, a longer wildcard before a shorter one, and any before none', () => {
    expect(
      ['api.acme.test', 'a.eu.acme.test', 'b.acme.test', 'c.b.acme.test'].map((host) => taker(host, '/x')),
    ).toEqual(['a/named', 'a/below', 'a/wild', 'a/wild']);
  });

  test('a wildcard covers what is below it, and not the name itself', () => {
    expect([taker('acme.test'), taker('evil-acme.test'), taker('.acme.test'), taker('shop.acme.test')]).toEqual([
      'unknown_host',
      'unknown_host',
      'unknown_host',
      'a/wild',
    ]);
    expect([taker('acme.example', '/x'), taker('acme.example')]).toEqual(['a/everywhere', 'no_route']);
  });

  test('a route cannot claim a host that its environment does not have', () => {
    const hosts = (...names: string[]): string[] =>
      faultsOf(oneApi(at('r', { prefix: '/' }, { hosts: names })), ['api.acme.test', '*.eu.acme.test']);
    expect(hosts('*.acme.test', 'x.eu.acme.test', '*.x.eu.acme.test')).toEqual([]);
    expect(hosts('api.acme.test', '*.evil.test', 'acme.test')).toEqual([
      '/apis/a/routes/0/match/hosts/1: the host *.evil.test does not belong to this environment: it is not given to it, nor claimed for it and proven',
      '/apis/a/routes/0/match/hosts/2: the host acme.test does not belong to this environment: it is not given to it, nor claimed for it and proven',
    ]);
  });

  test("who names another environment's given host is told that it cannot be claimed, and what to name", () => {
    const document = sketchDocument(oneApi(at('r', { prefix: '/' }, { hosts: ['best.localhost'] })));
    expect(validateDocument(document, ['acme.localhost', 'api.acme.test']).map(({ fix }) => fix)).toEqual([
      "name one of: acme.localhost, api.acme.test. Or claim best.localhost and set the TXT record that the claim names, if its domain is your own: hosts of the platform's domain are given, never claimed",
    ]);
  });
});

describe('predicates', () => {
  const compiled = compileSketch(
    oneApi(
      at('both', { exact: '/x' }, { headers: [{ name: 'x-a', exact: '1' }], query: [{ name: 'q', regex: 'v[0-9]' }] }),
      at('header', { exact: '/x' }, { headers: [{ name: 'x-a', exact: '1' }] }),
      at('absent', { exact: '/x' }, { query: [{ name: 'none', present: false }] }),
      at(
        'present',
        { exact: '/x' },
        {
          headers: [
            { name: 'x-b', present: true },
            { name: 'x-c', present: true },
          ],
        },
      ),
      at('post', { exact: '/only' }, { methods: ['POST'], headers: [{ name: 'x-a', exact: '1' }] }),
    ),
  );
  const taker = (query: string, headers: Record<string, string> = {}, path = '/x'): string | null =>
    takerOf(compiled, { path, query, headers });

  test('all must hold, and more of them are more specific', () => {
    expect(taker('?q=v1', { 'x-a': '1' })).toBe('a/both');
    expect(taker('?q=v10&none', { 'x-a': '1' })).toBe('a/header');
    expect(taker('?q=v1')).toBe('a/absent');
    expect(taker('?none', { 'x-b': '', 'x-c': '2' })).toBe('a/present');
    expect(taker('?none')).toBe('no_route');
  });

  test('of as many, an exact value goes before a regex, that before presence, and a header before the query', () => {
    const query = (test: object): object => ({ query: [{ name: 'q', ...test }] });
    // Names are in the other order: they would decide last.
    const routes = [
      at('d', { exact: '/y' }, { headers: [{ name: 'x-a', exact: '1' }] }),
      at('e', { exact: '/y' }, query({ exact: 'v1' })),
      at('c', { exact: '/y' }, query({ regex: 'v[0-9]' })),
      at('b', { exact: '/y' }, { headers: [{ name: 'x-a', present: true }] }),
      at('a', { exact: '/y' }, query({ present: true })),
    ];
    const ordered = compileSketch(oneApi(...routes));
    const first = (search: string, headers: Record<string, string> = {}): string | null =>
      takerOf(ordered, { path: '/y', query: search, headers });
    expect(first('?q=v1', { 'x-a': '1' })).toBe('a/d');
    expect(first('?q=v1', { 'x-a': '2' })).toBe('a/e');
    expect(first('?q=v2', { 'x-a': '2' })).toBe('a/c');
    expect(first('?q=w', { 'x-a': '2' })).toBe('a/b');
    expect(first('?q=w')).toBe('a/a');
  });

  test('the first value of a parameter counts, decoded', () => {
    expect(taker('?%71=%761&q=x', { 'x-a': '1' })).toBe('a/both');
    expect(taker('?q=x&q=v1&none', { 'x-a': '1' })).toBe('a/header');
    expect(taker('?none=%zz')).toBe('no_route');
  });

  test('a path that nothing but the predicates kept from a route is no wrong method', () => {
    expect(taker('', {}, '/only')).toBe('no_route');
    expect(taker('', { 'x-a': '1' }, '/only')).toBe('method_not_allowed');
  });

  test('a preflight, which carries no headers, finds the route that the request will go to', () => {
    const decision = ask(compiled, {
      path: '/only',
      method: 'OPTIONS',
      headers: { origin: 'https://portal.acme.test', 'access-control-request-method': 'POST' },
    });
    expect(decision).toMatchObject({ kind: 'answer', status: 204, account: { route: 'post' } });
  });

  test('each loser says why it lost', () => {
    const lost = (query: string, headers: Record<string, string>): unknown[] =>
      ask(compiled, { path: '/x', query, headers }).reasons.flatMap((reason) =>
        reason.code === 'route_lost' ? [`${reason.route} ${reason.because}`] : [],
      );
    expect(lost('?q=v', { 'x-a': '1' })).toEqual(['a/both query', 'a/present header', 'a/absent less_specific']);
  });
});

test('the decision tells of eight losers at most, and of the nearest', () => {
  const routes = Array.from({ length: 20 }, (_, index) =>
    at(`r${String(index).padStart(2, '0')}`, { exact: '/x' }, { headers: [{ name: `x-${index}`, present: true }] }),
  );
  const compiled = compileSketch(oneApi(...routes, at('all', { exact: '/x' }, { priority: -1 })));
  const { reasons } = ask(compiled, { path: '/x', headers: { 'x-3': '1' } });
  const lost = reasons.flatMap((reason) => (reason.code === 'route_lost' ? [`${reason.route} ${reason.because}`] : []));
  const others = ['r00', 'r01', 'r02', 'r04', 'r05', 'r06', 'r07', 'r08'];
  expect(lost).toEqual(others.map((name) => `a/${name} header`));
  const near = ask(compiled, { path: '/x', headers: { 'x-19': '1' } }).reasons;
  expect(near[0]).toMatchObject({ code: 'route_matched', route: 'a/r19' });
  const only = compileSketch(oneApi(at('one', { exact: '/x' }), at('all', { prefix: '/' }, { priority: -1 })));
  expect(ask(only, { path: '/x' }).reasons).toContainEqual({ code: 'route_lost', route: 'a/all', because: 'priority' });
});

describe('what cannot match is refused where it stands, with a remedy', () => {
  test.each([
    [{ template: '/users/{id' }, '/template: the template /users/{id cannot be read at {id'],
    [{ template: '/users/x{id}' }, '/template: the template /users/x{id} cannot be read at x{id}'],
    [
      { template: '/{a...}/b' },
      '/template: the template /{a...}/b goes on behind {a...}, which takes all that follows',
    ],
    [{ template: '/{a}/{a}' }, '/template: the template /{a}/{a} has two placeholders named a'],
    [{ template: '/a/../{a}' }, '/template: no request can match /a/../x: it arrives here as /x'],
    [{ rawPrefix: '/a%4' }, '/rawPrefix: no request can match /a%4: a % in the path is not followed by two'],
    [{ regex: '/(a' }, '/regex: the regular expression /(a cannot be read: missing closing )'],
    [{ regex: '/(?=a)' }, '/regex: the regular expression /(?=a) cannot be read'],
    [{ regex: '/(a{1000}){1000}' }, '/regex: the regular expression /(a{1000}){1000} cannot be read: invalid repeat'],
    [{ regex: '/((a{10}){10}){9}' }, '/regex: the regular expression /((a{10}){10}){9} is too costly'],
  ])('%j', (path, fault) => {
    const [found] = faultsOf(oneApi(at('r', path)));
    expect(found).toContain(`/apis/a/routes/0/match/path${fault}`);
  });

  test('a regex of a header or of the query', () => {
    const bad = at(
      'r',
      { prefix: '/' },
      { headers: [{ name: 'x-a', regex: '[' }], query: [{ name: 'q', regex: '*' }] },
    );
    expect(faultsOf(oneApi(bad)).map((fault) => fault.split(':')[0])).toEqual([
      '/apis/a/routes/0/match/headers/0/regex',
      '/apis/a/routes/0/match/query/0/regex',
    ]);
  });

  test('more routes of one path than may be held against a request', () => {
    const routes = Array.from({ length: 66 }, (_, index) =>
      at(`r${100 + index}`, { template: `/x/{n${index}}` }, { headers: [{ name: `x-${index}`, present: true }] }),
    );
    expect(faultsOf(oneApi(...routes))).toHaveLength(2);
  });
});

test('a path of slashes alone costs no more looks than the longest beginning is long', () => {
  const deep = Array.from({ length: 12 }, (_, index) => at(`r${index}`, { prefix: '/a'.repeat(index + 1) }));
  const compiled = compileSketch(oneApi(...deep, at('good', { prefix: '/good' })));
  const beginnings = compiled.hosts.get('api.acme.test')?.beginnings as Map<string, never>;
  let looks = 0;
  beginnings.get = (text) => {
    looks += 1;
    return Map.prototype.get.call(beginnings, text) as never;
  };
  expect(takerOf(compiled, { path: `/good${'/'.repeat(15_000)}` })).toBe('a/good');
  expect(looks).toBeLessThanOrEqual(12);
});
