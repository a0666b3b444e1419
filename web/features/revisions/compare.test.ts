import { documentSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { compareDocuments } from './compare';

const document = documentSchema.parse({
  sluice: 1,
  upstreams: { users: { targets: [{ url: 'http://users:3000' }] } },
  apis: {
    users: {
      title: 'Users',
      routes: [
        {
          name: 'all',
          match: { path: { prefix: '/users' } },
          split: { arms: [{ name: 'stable', upstream: 'users', weight: 10_000 }] },
        },
      ],
    },
  },
  plans: { free: { title: 'Free', apis: ['users'], limits: [{ window: '100/minute' }] } },
});

test('equal documents have no changes', () => {
  expect(compareDocuments(document, structuredClone(document))).toEqual([]);
});

test('a changed field is named with what it was and what it becomes', () => {
  const after = structuredClone(document);
  after.plans['free'] = { title: 'Free', apis: ['users'], limits: [{ window: '50/minute', onOutage: 'deny' }] };
  expect(compareDocuments(document, after)).toEqual([
    {
      object: 'plans/free',
      kind: 'changed',
      fields: [{ field: 'limits/0/window', before: '"100/minute"', after: '"50/minute"' }],
    },
  ]);
});

test('a new route is its own change, and a removed upstream another', () => {
  const after = structuredClone(document);
  const route = after.apis['users']?.routes[0];
  if (route !== undefined) after.apis['users']?.routes.push({ ...route, name: 'admin' });
  delete after.upstreams['users'];
  expect(compareDocuments(document, after).map(({ object, kind }) => [object, kind])).toEqual([
    ['apis/users/routes/admin', 'added'],
    ['upstreams/users', 'removed'],
  ]);
});

test('everything is new before the first publication', () => {
  expect(compareDocuments(null, document).map(({ kind }) => kind)).toEqual(['added', 'added', 'added', 'added']);
});
