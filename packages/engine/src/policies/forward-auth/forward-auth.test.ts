import { expect, test } from 'vitest';
import type { Facts, Headers } from '../../decision.js';
import { answerHeader, ask, codesOf, compiledOf, documentWith, faultsOf, outcomeOf } from '../../testing/try-route.js';
import type { ForwardAuthCall } from '../../questions.js';

const address = 'http://auth.test/verify';
const withSettings = (more: object = {}) =>
  compiledOf(
    documentWith([{ 'forward-auth': { address, authResponseHeaders: ['X-User-Id', 'x-user-role'], ...more } }]),
  );
const said = (status: number, headers: Headers = [], body = ''): Partial<Facts> => ({
  forwardAuth: () => ({ state: 'answered', status, headers, body }),
});

function callOf(more: object, request: Parameters<typeof ask>[1]): ForwardAuthCall {
  const asked = ask(withSettings(more), request);
  if (asked.kind !== 'need' || asked.need !== 'forward-auth') throw new Error(outcomeOf(asked));
  return asked.call;
}

test('the service hears where the request was going, and the headers that it may', () => {
  const request = {
    method: 'POST',
    path: '/orders/7',
    query: '?a=1',
    headers: { host: 'api.acme.test:8080', authorization: 'Bearer x', cookie: 'a=1', 'x-forwarded-for': '1.2.3.4' },
  };
  expect(
    callOf({ authRequestHeaders: ['Authorization', 'x-absent'], timeoutMs: 100, cacheMs: 50 }, { request }),
  ).toEqual({
    address,
    timeoutMs: 100,
    cacheMs: 50,
    maxBodyBytes: 65_536,
    headers: [
      ['authorization', 'Bearer x'],
      ['x-forwarded-method', 'POST'],
      ['x-forwarded-proto', 'http'],
      ['x-forwarded-host', 'api.acme.test:8080'],
      ['x-forwarded-uri', '/orders/7?a=1'],
      ['x-forwarded-for', '192.0.2.1'],
      ['via', '1.1 sluice'],
    ],
  });
});

test('a service that leads back to a gateway is found out there, by Via', () => {
  const { headers } = callOf(
    {},
    { request: { headers: { via: '1.0 old, 1.1 sluice' }, rawHeaders: ['Via', '1.0 old'] } },
  );
  expect(headers.filter(([name]) => name === 'via')).toEqual([['via', '1.0 old, 1.1 sluice, 1.1 sluice']]);
});

test("without a list it gets all headers but those of the connection, and never the client's X-Forwarded ones", () => {
  const rawHeaders = [
    'Host',
    'x',
    'X-Any',
    '1',
    'X_Any',
    '2',
    'Connection',
    'x-hop',
    'X-Hop',
    '3',
    'Content-Length',
    '9',
  ];
  const request = {
    rawHeaders: [...rawHeaders, 'X-Forwarded-User', 'root', 'Cookie', 'a=1'],
    headers: { connection: 'x-hop', 'x-forwarded-for': '1.2.3.4' },
  };
  const names = (more: object): readonly (readonly [string, string])[] =>
    callOf(more, { request }).headers.filter(([name]) => !/method|proto|host|uri|via/.test(name));
  expect(names({})).toEqual([
    ['x-any', '1'],
    ['cookie', 'a=1'],
    ['x-forwarded-for', '192.0.2.1'],
  ]);
  expect(names({ trustForwardHeader: true })).toContainEqual(['x-forwarded-for', '1.2.3.4']);
});

test('it hears nothing of where a request goes and comes from but what the gateway says', () => {
  const claimed = ['X-Original-URL', 'X-Original-URI', 'X-Original-Method', 'X-Original-Host', 'X-Rewrite-URL'];
  const addresses = ['X-Real-IP', 'True-Client-IP', 'X-Client-IP', 'Client-IP', 'CF-Connecting-IP', 'Via', 'Forwarded'];
  const rawHeaders = [...claimed, ...addresses].flatMap((name) => [name, 'forged']);
  const { headers } = callOf({ trustForwardHeader: true }, { request: { rawHeaders, headers: {} } });
  expect(headers.filter(([, value]) => value === 'forged')).toEqual([]);
  // Unless the tenant asks for it by name: then its own proxy in front writes it.
  const named = { authRequestHeaders: ['x-real-ip'] };
  expect(callOf(named, { request: { headers: { 'x-real-ip': '192.0.2.9' } } }).headers).toContainEqual([
    'x-real-ip',
    '192.0.2.9',
  ]);
});

test("its headers replace the client's, and those that it does not give are taken away", () => {
  const decision = ask(withSettings({ subjectHeader: 'X-User-Id', groupsHeader: 'x-groups' }), {
    request: { headers: { 'x-user-id': 'forged', 'x-user-role': 'admin' } },
    facts: said(204, [
      ['x-user-id', 'alice'],
      ['x-groups', 'a, b'],
      ['x-other', 'no'],
    ]),
  });
  expect(decision).toMatchObject({
    kind: 'forward',
    identity: { by: 'forward-auth', subject: 'alice', groups: ['a', 'b'], claims: { 'x-user-id': 'alice' } },
    request: { remove: ['x-user-id', 'x-user-role'], set: [['x-user-id', 'alice']] },
  });
});

test('any other answer is what the client gets: status, body, and the headers that it needs', () => {
  const decision = ask(withSettings(), {
    facts: said(
      401,
      [
        ['www-authenticate', 'Basic realm="x"'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['content-type', 'text/html'],
        ['content-length', '5'],
        ['connection', 'close'],
        ['x-internal', 'yes'],
      ],
      'hello',
    ),
  });
  expect(decision).toMatchObject({
    kind: 'answer',
    status: 401,
    code: null,
    body: { contentType: 'text/html', text: 'hello' },
  });
  expect(answerHeader(decision, 'set-cookie')).toEqual(['a=1', 'b=2']);
  expect(answerHeader(decision, 'www-authenticate')).toEqual(['Basic realm="x"']);
  for (const name of ['content-length', 'connection', 'x-internal']) expect(answerHeader(decision, name)).toEqual([]);
});

test('no request passes without its consent', () => {
  for (const fault of ['unreachable', 'timeout', 'forbidden_address', 'busy'] as const)
    expect(outcomeOf(ask(withSettings(), { facts: { forwardAuth: () => ({ state: 'unavailable', fault }) } }))).toBe(
      'forward_auth_unavailable',
    );
  for (const status of [100, 101, 0, 700]) {
    const odd = ask(withSettings(), { facts: said(status) });
    expect([outcomeOf(odd), codesOf(odd).at(-1)]).toEqual(['forward_auth_unavailable', 'forward_auth_unavailable']);
  }
});

test('headers that say how bytes travel are refused by name', () => {
  expect(
    faultsOf([{ 'forward-auth': { address, authResponseHeaders: ['x-ok', 'Content-Length', 'Via'] } }]),
  ).toMatchObject([{ at: '/0/forward-auth/authResponseHeaders/1' }, { at: '/0/forward-auth/authResponseHeaders/2' }]);
});
