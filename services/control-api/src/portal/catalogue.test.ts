import { documentSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { catalogueApis, cataloguePlans } from './catalogue.js';

const split = { arms: [{ name: 'stable', upstream: 'u', weight: 10_000 }] };

function documentWith(routes: readonly object[]) {
  return documentSchema.parse({
    sluice: 1,
    upstreams: { u: { targets: [{ url: 'http://u.test' }] } },
    apis: {
      shop: { title: 'Shop', routes: routes.map((route, index) => ({ name: `r${index}`, split, ...route })) },
      empty: { title: 'Empty', routes: [] },
    },
    plans: {
      free: { title: 'Free', apis: ['shop'], limits: [{ window: '100/minute' }] },
      none: { title: 'None', apis: [], limits: [] },
    },
  });
}

test('an API of one prefix route is public at that prefix', () => {
  const document = documentWith([
    { match: { path: { prefix: '/shop' } }, strip: '/shop', policies: [{ 'api-key': { header: 'apikey' } }] },
  ]);
  expect(catalogueApis(document, 'http://acme.test')).toEqual([
    {
      name: 'shop',
      title: 'Shop',
      version: 'v1',
      publicUrl: 'http://acme.test/shop',
      keyHeader: 'apikey',
      operations: [{ method: 'GET', path: '/', keyHeader: 'apikey' }],
    },
  ]);
});

test('a prefix that the upstream sees is tried as it is written', () => {
  const document = documentWith([{ match: { path: { prefix: '/orders' } } }]);
  expect(catalogueApis(document, 'http://acme.test')[0]).toMatchObject({
    publicUrl: 'http://acme.test/orders',
    keyHeader: null,
    operations: [{ method: 'GET', path: '', keyHeader: null }],
  });
});

test('several routes share the longest path of whole segments, and each has its own key header', () => {
  const document = documentWith([
    {
      match: { path: { exact: '/api/users' }, methods: ['GET', 'POST'] },
      policies: [{ 'api-key': { header: 'apikey' } }],
    },
    { match: { path: { prefix: '/api/user' } } },
  ]);
  expect(catalogueApis(document, 'http://acme.test')[0]).toMatchObject({
    publicUrl: 'http://acme.test/api',
    operations: [
      { method: 'GET', path: '/users', keyHeader: 'apikey' },
      { method: 'POST', path: '/users', keyHeader: 'apikey' },
      { method: 'GET', path: '/user', keyHeader: null },
    ],
  });
});

test('neither APIs without routes nor plans without APIs are on offer, and nothing before the first publication', () => {
  const document = documentWith([{ match: { path: { prefix: '/shop' } } }]);
  expect(catalogueApis(document, 'http://acme.test').map(({ name }) => name)).toEqual(['shop']);
  expect(cataloguePlans(document).map(({ name }) => name)).toEqual(['free']);
  expect([catalogueApis(null, 'http://acme.test'), cataloguePlans(null)]).toEqual([[], []]);
});
