// The tables against a matcher that knows no tables: it holds every route against the request, by the words of
// `precedence.ts`.
import type { Match } from '@sluice/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../compile.js';
import type { RouteSketch } from '../testing/try-routes.js';
import { environmentOf } from '../testing/environment-of.js';
import { sketchDocument, takerOf } from '../testing/try-routes.js';

type Sketch = RouteSketch & { readonly match: Match };

const claims = ['api.acme.test', '*.eu.acme.test'];

function naiveTaker(routes: readonly Sketch[], host: string, method: string, path: string, header?: string): string {
  const fitting = routes.filter(({ match }) => {
    const { hosts, methods, headers } = match;
    const isHost = hosts === undefined || hosts.some((pattern) => hostFits(pattern, host));
    const isMethod =
      methods === undefined || methods.includes(method) || (method === 'HEAD' && methods.includes('GET'));
    const isHeader = (headers ?? []).every(({ exact, regex, present }) => {
      if (regex !== undefined) return header !== undefined && new RegExp(`^(?:${regex})$`).test(header);
      return exact === undefined ? (header !== undefined) === present : header === exact;
    });
    return isHost && isMethod && isHeader && pathFits(match.path, path);
  });
  const [first] = fitting.toSorted((left, right) => compareKeys(keyOf(left, host), keyOf(right, host)));
  return first === undefined ? '' : `a/${first.name}`;
}

function hostFits(pattern: string, host: string): boolean {
  return pattern.startsWith('*')
    ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
    : pattern === host;
}

function patternOf(path: Match['path']): RegExp {
  const quoted = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  if ('exact' in path) return new RegExp(`^${quoted(path.exact)}$`);
  if ('rawPrefix' in path) return new RegExp(`^${quoted(path.rawPrefix)}`);
  if ('prefix' in path) return new RegExp(`^${quoted(path.prefix.replace(/\/+$/, ''))}(?:/|$)`);
  if ('regex' in path) return new RegExp(`^(?:${path.regex})$`);
  const parts = path.template.split(/(\{[a-z]+(?:\.\.\.)?\})/).map((part) => {
    if (part.endsWith('...}')) return '.*';
    return part.startsWith('{') ? '[^/]+' : quoted(part);
  });
  return new RegExp(`^${parts.join('')}$`);
}

function pathFits(path: Match['path'], requested: string): boolean {
  return patternOf(path).test(requested);
}

type Key = readonly (number | string)[];

// Smaller is before.
function keyOf({ name, match }: Sketch, host: string): Key {
  const { path, hosts, methods = [], headers = [] } = match;
  const named = (hosts ?? [])
    .filter((pattern) => hostFits(pattern, host))
    .map((pattern) => (pattern.startsWith('*') ? pattern.length : 999));
  const byMethod = methods.includes('HEAD') ? 0 : methods.length > 0 ? 1 : 2;
  const exact = headers.filter((one) => one.exact !== undefined).length;
  const regex = headers.filter((one) => one.regex !== undefined).length;
  const byHeaders = [-headers.length, -exact, -regex];
  return [-(match.priority ?? 0), -Math.max(0, ...named), ...pathKey(path), ...byHeaders, byMethod, `a/${name}`];
}

function pathKey(path: Match['path']): Key {
  if ('exact' in path) return [0, 0, 0, 0, ''];
  if ('template' in path) {
    const segments = path.template.slice(1).split('/');
    const open = segments.filter((segment) => segment.startsWith('{'));
    const literals = segments.length - open.length;
    if (open.length === 0) return [0, 0, 0, 0, ''];
    const shape = segments.map((segment) => (segment.startsWith('{') ? 'b' : 'a')).join('');
    return path.template.includes('...')
      ? [2, -literals, -(segments.length - 1), 0, shape]
      : [1, -literals, 0, 0, shape];
  }
  if ('prefix' in path) {
    const depth = path.prefix.replace(/\/+$/, '').split('/').length - 1;
    return [2, -depth, -depth, 1, ''];
  }
  if ('rawPrefix' in path) return [3, -path.rawPrefix.length, 0, 0, ''];
  return [4, -(/^[a-z/]*/.exec(path.regex)?.[0].length ?? 0), -path.regex.length, 0, ''];
}

function compareKeys(left: Key, right: Key): number {
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

const segment = fc.constantFrom('a', 'b', 'ab', '');
const segments = fc.array(segment, { minLength: 1, maxLength: 4 });
const literal = segments.map((parts) => `/${parts.join('/')}`);
const template = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', '{x}'), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([parts, isOpen]) => {
    const numbered = parts.map((part, index) => (part === '{x}' ? `{${'xyz'[index] ?? 'w'}}` : part));
    return `/${[...numbered, ...(isOpen ? ['{rest...}'] : [])].join('/')}`;
  });
const path: fc.Arbitrary<Match['path']> = fc.oneof(
  literal.map((exact) => ({ exact })),
  literal.map((prefix) => ({ prefix })),
  literal.map((rawPrefix) => ({ rawPrefix })),
  template.map((text) => ({ template: text })),
  fc.constantFrom('/a', '/[ab]+', '/a/.+', '/(?:a|b)/.*').map((regex) => ({ regex })),
);
const match = fc
  .record({
    path,
    hosts: fc.option(fc.constantFrom(['api.acme.test'], ['*.eu.acme.test'], ['*.acme.test', 'x.eu.acme.test'])),
    methods: fc.option(fc.constantFrom(['GET'], ['POST'], ['HEAD'], ['GET', 'POST'])),
    headers: fc.option(
      fc.uniqueArray(
        fc.constantFrom(
          { name: 'x-a', exact: '1' },
          { name: 'x-a', regex: '[12]' },
          { name: 'x-a', present: true },
          { name: 'x-a', present: false },
        ),
        { minLength: 1, maxLength: 2 },
      ),
    ),
    priority: fc.constantFrom(0, 0, 0, 1, -1),
  })
  .map((drawn): Match => JSON.parse(JSON.stringify(drawn, (_, value: unknown) => value ?? undefined)) as Match);
const routes = fc
  .array(match, { minLength: 1, maxLength: 12 })
  .map((list) => list.map((one, index): Sketch => ({ name: `r${String(index).padStart(2, '0')}`, match: one })));

test('the tables find whom a matcher without tables finds, also when shadowed routes are left out', () => {
  fc.assert(
    fc.property(
      routes,
      fc.array(fc.tuple(literal, fc.constantFrom('GET', 'POST', 'HEAD'), fc.option(fc.constantFrom('1', '2'))), {
        minLength: 8,
        maxLength: 8,
      }),
      fc.constantFrom('api.acme.test', 'x.eu.acme.test', 'y.eu.acme.test'),
      (list, requests, host) => {
        const { compiled, refusals } = compile(
          environmentOf(sketchDocument({ a: { routes: list } }), { hosts: claims }),
        );
        // Nothing else is wrong with them than that others take their requests: all of them, or they could be missed.
        expect(refusals.every(({ code }) => code === 'route_shadowed')).toBe(true);
        fc.pre(refusals.every(({ detail }) => !detail.includes('the same requests (')));
        for (const [requested, method, header] of requests) {
          const headers: Record<string, string> = header === null ? {} : { 'x-a': header };
          const taker = takerOf(compiled, { host, method, path: requested, headers }) ?? '';
          expect(taker.includes('/') ? taker : '').toBe(naiveTaker(list, host, method, requested, header ?? undefined));
        }
      },
    ),
    { numRuns: 1500 },
  );
});
