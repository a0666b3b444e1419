import { routeSpecSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { validateRoute } from './index.js';

const around = { apiName: 'a', api: { title: 'A', version: 'v1' }, upstreams: {} };
const pointersOf = (route: object): string[] =>
  validateRoute(routeSpecSchema.parse({ name: 'r', answer: {}, ...route }), around).map(({ pointer }) => pointer);

test('what is wrong with a route by itself is told where it is edited', () => {
  expect(pointersOf({ match: { path: { prefix: '/' } } })).toEqual([]);
  expect(pointersOf({ match: { path: { regex: '/users/(' } } })).toEqual(['/match/path/regex']);
  expect(pointersOf({ match: { path: { template: '/users/{id' } } })).toEqual(['/match/path/template']);
  expect(pointersOf({ match: { path: { prefix: '/' }, headers: [{ name: 'x-a', regex: '(' }] } })).toEqual([
    '/match/headers/0/regex',
  ]);
  expect(
    pointersOf({ match: { path: { prefix: '/' } }, answer: undefined, redirect: { to: 'https://a.test/{id}' } }),
  ).toEqual(['/redirect/to']);
});
