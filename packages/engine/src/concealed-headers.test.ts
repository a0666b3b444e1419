import type { Policy } from '@sluice/contracts';
import { documentSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { concealedHeaders } from './concealed-headers.js';

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

function concealedBy(routes: readonly Route[]): Record<string, readonly string[]> {
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
