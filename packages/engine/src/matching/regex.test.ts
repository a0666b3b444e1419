import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ask, compileSketch, takerOf } from '../testing/try-routes.js';
import { requestOf } from '../testing/try-engine.js';
import { RegexChecks, literalBeginning, regexMatches } from './regex.js';
import { RequestProbe } from './request-probe.js';

const hostile = String.raw`/(.*a.{15}b)`;

test('a request that its patterns could stall on is refused, and goes to no other route instead', () => {
  const compiled = compileSketch({
    a: {
      routes: [
        { name: 'guarded', match: { path: { regex: hostile }, priority: 1 } },
        { name: 'open', match: { path: { prefix: '/' } } },
      ],
    },
  });
  expect(takerOf(compiled, { path: '/ab' })).toBe('a/open');
  const decision = ask(compiled, { path: `/${'ab'.repeat(6000)}` });
  expect(decision).toMatchObject({ kind: 'answer', code: 'bad_request', reasons: [{ code: 'match_too_costly' }] });
});

test('what one request may spend on regexes is bounded for all of its routes and predicates together', () => {
  const routes = Array.from({ length: 200 }, (_, index) => ({
    name: `r${index}`,
    match: { path: { regex: `/.*${index}[a-z]{20}` } },
  }));
  const compiled = compileSketch({ a: { routes } });
  expect(takerOf(compiled, { path: `/${'long'.repeat(10)}` })).toBe('bad_request');
  const apart = compileSketch({
    a: { routes: routes.map(({ name }, index) => ({ name, match: { path: { regex: `/r${index}/[a-z]{20}` } } })) },
  });
  expect(takerOf(apart, { path: `/r150/${'a'.repeat(20)}` })).toBe('a/r150');
});

test('named groups are what placeholders stand for', () => {
  const compiled = compileSketch({
    a: {
      routes: [
        { name: 'r', match: { path: { regex: String.raw`/u/(?P<id>\d+)/(?<rest>.*)` } }, rewrite: '/v2/{id}/x/{rest}' },
      ],
    },
  });
  expect(ask(compiled, { path: '/u/7/a/b' })).toMatchObject({ path: '/v2/7/x/a/b' });
});

test('the literal beginning of a pattern is one of all that it matches', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    '/',
    '.',
    '?',
    '*',
    '+',
    '{2}',
    '(',
    ')',
    '|',
    '^',
    '[ab]',
    String.raw`\d`,
    '$',
  );
  const text = fc.array(fc.constantFrom('a', 'b', '/', '1'), { maxLength: 6 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), text, (pieces, input) => {
      const pattern = pieces.join('');
      if (new RegexChecks().faultOf(pattern) !== undefined || !regexMatches(pattern, input)) return;
      expect(input.startsWith(literalBeginning(pattern))).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test('one document buys a bounded amount of checking', () => {
  const checks = new RegexChecks();
  const faults = Array.from({ length: 30 }, (_, index) => checks.faultOf(`(a{100}){${index + 3}}`));
  expect(faults[7]?.detail).toContain('too costly');
  expect(faults[8]?.detail).toContain('was not looked at');
});

test('once the bound is reached, nothing is matched any more', () => {
  const probe = new RequestProbe(requestOf({}));
  expect([probe.matches('a*', 'aa'), probe.isExhausted]).toEqual([true, false]);
  expect([probe.matches('a*', 'a'.repeat(100_000)), probe.isExhausted]).toEqual([false, true]);
  expect(probe.matches('a*', 'aa')).toBe(false);
});
