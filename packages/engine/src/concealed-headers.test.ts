import type { Policy } from '@sluice/contracts';
import { documentSchema } from '@sluice/contracts';
import { describe, expect, test } from 'vitest';
import { concealedHeaders } from './concealed-headers.js';
import { faultsOf } from './testing/try-routes.js';

interface Route {
  readonly name: string;
  readonly upstream: string;
  readonly policies?: readonly Policy[];
}

const upstreams = {
  users: 'http://users.test:3000/v1',
  'users-slow': 'http://USERS.test:3000/v2',
  shadow: 'http://b.test',
};
const asked = { 'forward-auth': { address: 'http://auth.test', authResponseHeaders: ['X-User'] } };

function concealedBy(routes: readonly Route[]): Record<string, readonly string[] | undefined> {
  const document = documentSchema.parse({
    sluice: 1,
    upstreams: Object.fromEntries(Object.entries(upstreams).map(([name, url]) => [name, { targets: [{ url }] }])),
    apis: {
      a: {
        title: 'A',
        routes: routes.map(({ name, upstream, policies = [] }) => ({
          name,
          match: { path: { prefix: `/${name}` } },
          policies,
          split: { arms: [{ name: 'stable', upstream, weight: 10_000 }] },
        })),
      },
    },
    plans: {},
  });
  return Object.fromEntries(routes.map(({ name }) => [name, concealedHeaders(document, `a/${name}`)]));
}

test('what tells an upstream who calls reaches it from no client, by whatever route', () => {
  const routes = [
    { name: 'asked', upstream: 'users', policies: [asked] },
    { name: 'open', upstream: 'users' },
    { name: 'elsewhere', upstream: 'shadow' },
  ];
  expect(concealedBy(routes)).toEqual({ asked: ['x-user'], open: ['x-user'], elsewhere: [] });
});

test('nor by another name of the same server', () => {
  const routes = [
    { name: 'asked', upstream: 'users', policies: [asked] },
    { name: 'open', upstream: 'users-slow' },
  ];
  expect(concealedBy(routes)).toEqual({ asked: ['x-user'], open: ['x-user'] });
});

test('nor by a copy, and who gets copies believes what is copied', () => {
  const toShadow = { mirror: { upstream: 'shadow' } };
  const toUsers = { mirror: { upstream: 'users' } };
  expect(
    concealedBy([
      { name: 'asked', upstream: 'users', policies: [asked] },
      { name: 'copied', upstream: 'shadow', policies: [toUsers] },
    ]),
  ).toEqual({ asked: ['x-user'], copied: ['x-user'] });
  expect(
    concealedBy([
      { name: 'asked', upstream: 'users', policies: [asked, toShadow] },
      { name: 'open', upstream: 'shadow' },
    ]),
  ).toEqual({ asked: ['x-user'], open: ['x-user'] });
});

describe('names without end', () => {
  const routes = Array.from({ length: 12 }, (_, index) => {
    const names = Array.from({ length: 32 }, (__, place) => `x-${index}-${place}`);
    const set = Object.fromEntries(names.map((name) => [name, '{client.address} {identity.subject}']));
    return {
      name: `r${String(index).padStart(2, '0')}`,
      policies: [{ anonymous: {} }, { headers: { request: { set } } }],
    };
  });
  const toUsers = routes.map((route) => Object.assign({ upstream: 'users' }, route));
  const open = { name: 'open', upstream: 'users' };

  test('are concealed as far as they go, whatever order the document has, in one list for all', () => {
    for (const listed of [
      [...toUsers, open],
      [open, ...toUsers.toReversed()],
    ]) {
      const concealed = concealedBy(listed);
      expect(routes.map(({ name }) => name).filter((name) => concealed[name] === undefined)).toEqual([
        'r08',
        'r09',
        'r10',
        'r11',
      ]);
      expect(concealed['open']).toHaveLength(256);
      expect(concealed['r00']).toBe(concealed['open']);
    }
  });

  test('are refused beyond that, at the route that brings them', () => {
    const sketches = routes.map(({ name, policies }) => ({ name, policies, match: { path: { exact: `/${name}` } } }));
    expect(faultsOf({ a: { routes: sketches } })).toEqual(
      [8, 9, 10, 11].map((index) =>
        expect.stringMatching(`^/apis/a/routes/${index}/policies: the route .* is one too many`),
      ),
    );
  });
});
