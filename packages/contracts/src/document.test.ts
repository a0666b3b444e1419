import { expect, test } from 'vitest';
import { documentSchema } from './document.js';
import { fieldErrors } from './problems.js';

const document = {
  sluice: 1,
  upstreams: { users: { targets: [{ url: 'http://users-api:3000' }] } },
  apis: {
    users: {
      title: 'Users',
      routes: [
        {
          name: 'users',
          match: { path: { prefix: '/users' } },
          split: { arms: [{ name: 'stable', upstream: 'users', weight: 10_000 }] },
        },
      ],
    },
  },
  plans: { free: { title: 'Free', apis: ['users'], limits: [{ window: '100/minute' }] } },
};

function errorsOf(change: (copy: typeof document) => void) {
  const copy = structuredClone(document);
  change(copy);
  const result = documentSchema.safeParse(copy);
  return result.success ? [] : fieldErrors(result.error);
}

test('a document needs only what has no sensible default', () => {
  expect(errorsOf(() => undefined)).toEqual([]);
});

test('an API that a plan offers twice is refused where it is repeated', () => {
  expect(errorsOf((copy) => copy.plans.free.apis.push('users'))).toMatchObject([
    { pointer: '/plans/free/apis/1', message: 'name "users" once' },
  ]);
});

test('weights that do not make a whole are refused at the arms', () => {
  const errors = errorsOf((copy) => (copy.apis.users.routes[0]!.split.arms[0]!.weight = 9999));
  expect(errors).toMatchObject([
    { pointer: '/apis/users/routes/0/split/arms', message: 'make the weights sum to 10000' },
  ]);
});

test.each(['ftp://a', 'http://user:pw@a', 'http://a/?q=1', 'a', ''])(
  'the target %j is refused, naming the field',
  (url) => {
    const errors = errorsOf((copy) => (copy.upstreams.users.targets[0]!.url = url));
    expect(errors[0]?.pointer).toBe('/upstreams/users/targets/0/url');
  },
);

test('an unknown member is refused and named', () => {
  const errors = errorsOf((copy) => Object.assign(copy.plans.free, { price: 1 }));
  expect(errors).toMatchObject([{ pointer: '/plans/free', fix: 'remove "price"' }]);
});

test.each([
  ['a path of no kind', { match: { path: '/users' } }, '/match/path', /write one of \{ exact \}, \{ prefix \}/],
  [
    'a path of two kinds',
    { match: { path: { prefix: '/a', exact: '/b' } } },
    '/match/path',
    /write one of \{ exact \}/,
  ],
  ['a redirect of another status', { redirect: { to: '/', status: 200 } }, '/redirect/status', /301, 302/],
  ['a cost in words', { cost: 'much' }, '/cost', /a number of units/],
  ['a policy by a wrong name', { policies: [{ Magic: {} }] }, '/policies/0/Magic', /a policy's name/],
])('%s is refused with what to write instead', (_, more, pointer, fix) => {
  const route = { name: 'r', match: { path: { prefix: '/' } }, answer: {}, ...more };
  const errors = errorsOf((copy) => copy.apis.users.routes.push(route as never));
  expect(errors.find((error) => error.pointer === `/apis/users/routes/1${pointer}`)?.fix).toMatch(fix);
});

test.each(['text/plain\r\nset-cookie: a=b', 'text/plain;\r\n', 'text', ' text/plain', 'text/plain; \u00e4'])(
  'the media type %j of an answer is refused: it would be written into the head',
  (contentType) => {
    const route = { name: 'r', match: { path: { prefix: '/' } }, answer: { contentType } };
    const errors = errorsOf((copy) => copy.apis.users.routes.push(route as never));
    expect(errors[0]?.pointer).toBe('/apis/users/routes/1/answer/contentType');
  },
);
