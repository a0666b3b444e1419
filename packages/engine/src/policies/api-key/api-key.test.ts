import { expect, test } from 'vitest';
import type { Facts } from '../../decision.js';
import { answerHeader, ask, codesOf, compiledOf, documentWith, faultsOf, outcomeOf } from '../../testing/try-route.js';

const facts: Partial<Facts> = {
  credential: (key) =>
    key === 'good key' || key === 'good' ? { id: 'key_1', subscriptionId: '', isRevoked: false } : undefined,
};
const places = compiledOf(
  documentWith([{ 'api-key': { header: ['x-api-key', 'authorization'], query: 'api_key', cookie: 'key' } }]),
);
const send = (headers: Record<string, string>, query = '', of = places) =>
  ask(of, { request: { headers, query }, facts });

test('a key is taken from each place that the policy names', () => {
  expect(outcomeOf(send({ 'x-api-key': 'good' }))).toBe('forward');
  expect(outcomeOf(send({ authorization: 'Bearer good' }))).toBe('forward');
  expect(outcomeOf(send({ authorization: 'apikey good' }))).toBe('forward');
  expect(outcomeOf(send({ cookie: 'a=1; key="good"' }))).toBe('forward');
  expect(outcomeOf(send({}, '?api%5Fkey=g%6Fod'))).toBe('forward');
  expect(outcomeOf(send({ authorization: 'Basic good' }))).toBe('credential_missing');
  expect(outcomeOf(send({ 'x-api-key': '' }, '?api_key='))).toBe('credential_missing');
});

test('the upstream sees nothing of it, and everything else as it was', () => {
  expect(send({ 'x-api-key': 'good', cookie: 'a=1' }, '?x=%20&y')).toMatchObject({
    request: { remove: ['x-api-key'], set: [] },
    query: '?x=%20&y',
  });
  expect(send({ authorization: 'Bearer good' })).toMatchObject({ request: { remove: ['authorization', 'x-api-key'] } });
  expect(send({ cookie: 'a=1; key=good;b=2' })).toMatchObject({ request: { set: [['cookie', 'a=1;b=2']] } });
  expect(send({ cookie: 'key=good' })).toMatchObject({ request: { remove: ['cookie', 'x-api-key'], set: [] } });
  expect(send({}, '?a=1&api%5fkey=good&b=%zz')).toMatchObject({ query: '?a=1&b=%zz' });
  expect(send({}, '?api_key=good')).toMatchObject({ query: '' });
});

test('with hide: false the upstream sees it', () => {
  const shown = compiledOf(documentWith([{ 'api-key': { query: 'api_key', hide: false } }]));
  expect(send({}, '?api_key=good', shown)).toMatchObject({ kind: 'forward', query: '?api_key=good' });
});

test('a key that comes twice is refused, even the same one', () => {
  for (const sent of [
    send({ 'x-api-key': 'good', authorization: 'Bearer good' }),
    send({ 'x-api-key': 'good' }, '?api_key=other'),
    // As the wire joins a header that came twice.
    send({ 'x-api-key': 'good, good' }),
    send({ 'x-api-key': ', good' }),
    send({}, '?api_key=good&api_key=good'),
    send({ cookie: 'key=good; key=good' }),
  ])
    expect([outcomeOf(sent), codesOf(sent).at(-1)]).toEqual(['credential_repeated', 'credential_repeated']);
});

test('what cannot be a key is not even looked up', () => {
  const strict: Partial<Facts> = {
    credential: () => {
      throw new Error('looked up');
    },
  };
  for (const key of ['with a space', 'line\nbreak', 'umläut', 'x'.repeat(513)])
    expect(outcomeOf(ask(places, { request: { headers: { 'x-api-key': key } }, facts: strict }))).toBe(
      'credential_invalid',
    );
});

test('a refusal names each place, whatever order the document has', () => {
  const other = compiledOf(
    documentWith([{ 'api-key': { cookie: 'key', query: 'api_key', header: ['authorization', 'x-api-key'] } }]),
  );
  const challenges = [
    'ApiKey cookie="key"',
    'ApiKey header="authorization"',
    'ApiKey header="x-api-key"',
    'ApiKey query="api_key"',
  ];
  for (const of of [places, other]) expect(answerHeader(send({}, '', of), 'www-authenticate')).toEqual(challenges);
});

test('a key that is hidden reaches no redirect, no header and no record by the query', () => {
  const redirecting = documentWith([
    { 'api-key': { query: 'key' } },
    { headers: { request: { set: { 'x-query': '{request.query}' } } } },
  ]);
  const forwarded = send({}, '?a=1&key=good', compiledOf(redirecting));
  expect(forwarded).toMatchObject({ kind: 'forward', request: { set: [['x-query', '?a=1']] } });
  const [route] = redirecting.apis['orders']?.routes ?? [];
  if (route === undefined) throw new Error('no route');
  delete route.split;
  route.redirect = { to: 'https://other.test/{query}', status: 302 };
  const decision = send({}, '?a=1&key=good', compiledOf(redirecting));
  expect(outcomeOf(decision)).toBe('302');
  expect(JSON.stringify(decision)).not.toContain('good');
});

test.each(['content-length', 'transfer-encoding', 'host', 'x-forwarded-for', 'x-sluice-arm'])(
  'no key is looked for in %s, and hidden with it: that header is the gateway’s own',
  (name) => {
    expect(faultsOf([{ 'api-key': { header: ['x-api-key', name] } }]).map(({ at }) => at)).toEqual([
      '/0/api-key/header/1',
    ]);
    const issuers = [{ issuer: 'https://login.acme.test', discovery: true }];
    expect(faultsOf([{ jwt: { issuers, header: name } }]).map(({ at }) => at)).toEqual(['/0/jwt/header']);
  },
);
