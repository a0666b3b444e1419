import type { ApiSpec } from '@sluice/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Compiled } from '../../compiled.js';
import { answerHeader, ask, codesOf, compiledOf, documentWith, faultsOf, outcomeOf } from '../../testing/try-route.js';

const withOrigins = (origins: readonly string[]): Compiled => compiledOf(documentWith([{ cors: { origins } }]));
const allowedIn = (compiled: Compiled, origin: string): string | undefined =>
  answerHeader(ask(compiled, { request: { headers: { origin } } }), 'access-control-allow-origin')[0];

describe('origins', () => {
  test('an exact origin is that one alone', () => {
    const exact = withOrigins(['https://acme.test']);
    expect(allowedIn(exact, 'https://acme.test')).toBe('https://acme.test');
    for (const other of ['http://acme.test', 'https://acme.test:8443', 'https://acme.test.evil.test', 'null'])
      expect(allowedIn(exact, other)).toBeUndefined();
  });

  test('a wildcard takes every name below, and nothing that only looks so', () => {
    const below = withOrigins(['https://*.acme.test']);
    for (const origin of ['https://a.acme.test', 'https://a.b.acme.test'])
      expect(allowedIn(below, origin)).toBe(origin);
    for (const other of [
      'https://acme.test',
      'https://evilacme.test',
      'https://.acme.test',
      'https://evil.test/.acme.test',
      'https://evil.test#.acme.test',
      'https://evil.test:1@a.acme.test',
      'http://a.acme.test',
      'https://a.acme.test:444',
    ])
      expect([other, allowedIn(below, other)]).toEqual([other, undefined]);
  });

  test('no origin gets in that is not below a wildcard’s name', () => {
    const below = withOrigins(['https://*.acme.test']);
    const part = fc.constantFrom('.acme.test', '.', 'evil', 'a', '-', ':80', '/', '#', '@', '*', 'A', '%', ' ');
    const origin = fc
      .tuple(fc.constantFrom('https://', 'http://', ''), fc.array(part, { maxLength: 6 }))
      .map(([scheme, parts]) => scheme + parts.join(''));
    fc.assert(
      fc.property(origin, (text) => {
        const isBelow = /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*\.acme\.test$/.test(text);
        expect(allowedIn(below, text)).toBe(isBelow ? text : undefined);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('at validation', () => {
  test('* with credentials is refused, with a remedy', () => {
    expect(faultsOf([{ cors: { origins: ['*'], credentials: true } }])).toMatchObject([
      { at: '/0/cors/credentials', fix: expect.stringContaining('name the origins') as string },
    ]);
  });

  test.each([
    'https://*.com',
    'https://a.test/path',
    'null',
    'acme.test',
    'https://*',
    'https://a.*.test',
    'HTTPS://A.test',
  ])('%s is no origin', (origin) => {
    expect(faultsOf([{ cors: { origins: [origin] } }])).toMatchObject([{ at: '/0/cors/origins/0' }]);
  });
});

describe('refusals', () => {
  const origin = 'https://shop.test';
  const compiled = compiledOf(
    documentWith([{ cors: { origins: [origin] } }, { 'body-limit': { maxBytes: 1 } }, { 'api-key': {} }]),
  );

  test('of every stage can be read by the page, those before this one too', () => {
    for (const [headers, code] of [
      [{ origin, 'content-length': '2' }, 'too_large'],
      [{ origin }, 'credential_missing'],
    ] as const) {
      const decision = ask(compiled, { request: { headers } });
      expect([outcomeOf(decision), answerHeader(decision, 'access-control-allow-origin')]).toEqual([code, [origin]]);
      expect(codesOf(decision).filter((one) => one === 'origin_allowed')).toHaveLength(1);
    }
  });
});

describe('preflights', () => {
  const preflight = { origin: 'https://shop.test', 'access-control-request-method': 'PUT' };
  const routes = documentWith([]).apis['orders']?.routes ?? [];
  const of = (api: Partial<ApiSpec>) =>
    ask(compiledOf(documentWith([], api)), { request: { method: 'OPTIONS', headers: preflight } });

  test('go upstream where the route has no policy', () => {
    expect(outcomeOf(of({}))).toBe('forward');
  });

  test('are answered by the route that takes the method they ask for', () => {
    const [route] = routes;
    if (route === undefined) throw new Error('there is no route');
    const reads = { ...route, name: 'reads', match: { ...route.match, methods: ['GET', 'OPTIONS'] } };
    const writes = { ...route, match: { ...route.match, methods: ['PUT'] }, policies: [{ cors: { origins: ['*'] } }] };
    const decision = of({ routes: [reads, writes] });
    expect([outcomeOf(decision), decision.account.route]).toEqual(['204', 'orders']);
    expect(answerHeader(decision, 'access-control-allow-methods')).toEqual(['PUT']);
  });

  test('what asks for no method that there could be is a request like all', () => {
    const policy = compiledOf(documentWith([{ cors: { origins: ['*'] } }]));
    for (const method of ['', 'x'.repeat(33), 'GET, PUT']) {
      const headers = { ...preflight, 'access-control-request-method': method };
      expect(outcomeOf(ask(policy, { request: { method: 'OPTIONS', headers } }))).toBe('forward');
    }
  });

  test('a list of headers that no browser would send is not given back', () => {
    const compiled = compiledOf(documentWith([{ cors: { origins: ['*'] } }]));
    const headers = { ...preflight, 'access-control-request-headers': 'x-a, <script>, x b,x-c' };
    const decision = ask(compiled, { request: { method: 'OPTIONS', headers } });
    expect(answerHeader(decision, 'access-control-allow-headers')).toEqual(['x-a, x-c']);
  });
});
