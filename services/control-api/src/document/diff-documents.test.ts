import { documentSchema, type Document } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { diffDocuments } from './diff-documents.js';
import { emptyDocument } from './normal-document.js';

const route = (name: string, path: string, secret = 'one') => ({
  name,
  match: { path: { prefix: path } },
  policies: [{ jwt: { issuers: [{ issuer: 'me', keys: [{ kid: 'k', secret }] }] } }],
  answer: { body: name },
});
const documentOf = (change: object): Document =>
  documentSchema.parse({
    sluice: 1,
    upstreams: { one: { targets: [{ url: 'http://one.test' }] } },
    apis: { users: { title: 'Users', routes: [route('b', '/b'), route('a', '/a')] } },
    plans: {},
    ...change,
  });
const base = documentOf({});

test('a document differs from itself in nothing, in whatever order its routes stand', () => {
  const turned = documentOf({ apis: { users: { title: 'Users', routes: [route('a', '/a'), route('b', '/b')] } } });
  expect(diffDocuments(base, turned)).toEqual([]);
});

test('objects are added, changed and removed by name; pointers lead into the newer document, for what is gone into the older', () => {
  const changed = documentOf({
    upstreams: { two: { targets: [{ url: 'http://two.test' }] } },
    apis: { users: { title: 'People', routes: [route('new', '/new'), route('a', '/changed')] } },
  });
  expect(diffDocuments(base, changed).map(({ change, kind, name, pointer }) => [change, kind, name, pointer])).toEqual([
    ['removed', 'upstream', 'one', '/upstreams/one'],
    ['added', 'upstream', 'two', '/upstreams/two'],
    ['changed', 'api', 'users', '/apis/users'],
    ['changed', 'route', 'users/a', '/apis/users/routes/1'],
    ['removed', 'route', 'users/b', '/apis/users/routes/0'],
    ['added', 'route', 'users/new', '/apis/users/routes/0'],
  ]);
  expect(diffDocuments(base, changed)[3]?.fields).toEqual([
    { change: 'changed', pointer: '/match/path/prefix', before: '/a', after: '/changed' },
  ]);
});

test('fields are added and removed with their values; lists of another length are shown whole', () => {
  const slow = documentOf({
    upstreams: { one: { targets: [{ url: 'http://one.test' }], timeoutMs: 5, balance: 'least-request' } },
  });
  expect(diffDocuments(base, slow)[0]?.fields).toEqual([
    { change: 'changed', pointer: '/timeoutMs', before: 30_000, after: 5 },
    { change: 'added', pointer: '/balance', after: 'least-request' },
  ]);
  const two = [
    { url: 'http://one.test', weight: 1 },
    { url: 'http://b.test', weight: 1 },
  ];
  expect(diffDocuments(base, documentOf({ upstreams: { one: { targets: two } } }))[0]?.fields).toEqual([
    { change: 'changed', pointer: '/targets', before: two.slice(0, 1), after: two },
  ]);
});

test('a secret that changed is named, and shown nowhere', () => {
  const turned = documentOf({
    apis: { users: { title: 'Users', routes: [route('a', '/a', 'planted-secret'), route('b', '/b')] } },
  });
  const [change] = diffDocuments(base, turned);
  expect(change?.fields).toEqual([
    {
      change: 'changed',
      pointer: '/policies/0/jwt/issuers/0/keys/0/secret',
      before: '(hidden)',
      after: '(hidden)',
    },
  ]);
  const more = documentOf({
    apis: { users: { title: 'Users', policies: route('x', '/x', 'planted-secret').policies, routes: [] } },
  });
  expect(JSON.stringify(diffDocuments(base, more))).not.toContain('planted-secret');
});

test('names that JavaScript knows are names like any other', () => {
  const plans = { constructor: { title: 'C', apis: [], limits: [] }, 'has-own': { title: 'H', apis: [], limits: [] } };
  expect(
    diffDocuments(emptyDocument, documentSchema.parse({ ...emptyDocument, plans })).map(({ name }) => name),
  ).toEqual(['constructor', 'has-own']);
});
