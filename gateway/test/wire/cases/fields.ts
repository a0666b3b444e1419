// RFC 9112, section 5, and RFC 9110, section 5: fields, and who may say what in them.
import type { WireCase } from '../wire-case.js';
import { get, head, refused, served } from '../wire-case.js';

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `X-${index}: 1`);

const badFields: readonly (readonly [clause: string, name: string, ...fields: string[]])[] = [
  ['9112 5.1', 'a space before the colon', 'X-Bad : 1'],
  ['9112 5.1', 'a tab before the colon', 'X-Bad\t: 1'],
  ['9112 5.1', 'a space before the colon of Content-Length', 'Content-Length : 0'],
  ['9112 5.1', 'a space before the colon of Transfer-Encoding', 'Transfer-Encoding : chunked'],
  ['9112 5.2', 'folding by a space', 'X-Folded: 1\r\n 2'],
  ['9112 5.2', 'folding by a tab', 'X-Folded: 1\r\n\t2'],
  ['9112 5.2', 'folding of Transfer-Encoding', 'Transfer-Encoding:\r\n chunked'],
  ['9112 2.2', 'a folded line first', ' X: 1'],
  ['9110 5.1', 'a name with a space', 'X Bad: 1'],
  ['9110 5.1', 'a name of nothing', ': 1'],
  ['9110 5.1', 'a line without a colon', 'X-Bad'],
  ['9110 5.1', 'a name with a parenthesis', 'X(Bad: 1'],
  ['9110 5.1', 'a name with a comma', 'X,Bad: 1'],
  ['9110 5.1', 'a name with a slash', 'X/Bad: 1'],
  ['9110 5.1', 'a name with an at sign', 'X@Bad: 1'],
  ['9110 5.1', 'a name in quotes', '"X-Bad": 1'],
  ['9110 5.1', 'a name in brackets', '[X]: 1'],
  ['9110 5.1', 'a name with a backslash', 'X\\Bad: 1'],
  ['9110 5.1', 'a name beyond ASCII', 'X-B\xe4d: 1'],
  ['9110 5.1', 'a name with a NUL', 'X\0Bad: 1'],
  ['9110 5.1', 'a name with a DEL', 'X\x7f: 1'],
  ['9110 5.1', 'a name behind a vertical tab', '\x0bTransfer-Encoding: chunked'],
  ['9110 5.1', 'a name behind a NUL', '\0Content-Length: 5'],
  ['9110 5.1', 'a name behind a byte order mark', '\xef\xbb\xbfContent-Length: 5'],
  ['9110 5.5', 'a NUL in a value', 'X-Bad: a\0b'],
  ['9110 5.5', 'a CR in a value', 'X-Bad: a\rb'],
  ['9110 5.5', 'an LF in a value', 'X-Bad: a\nX-User: root'],
  ['9110 5.5', 'a line that ends with LF', 'X-Bad: a\nX-More: b'],
  ['9110 5.5', 'a vertical tab in a value', 'X-Bad: a\x0bb'],
  ['9110 5.5', 'a form feed in a value', 'X-Bad: a\x0cb'],
  ['9110 5.5', 'an escape in a value', 'X-Bad: \x1b[0m'],
  ['9110 5.5', 'a DEL in a value', 'X-Bad: a\x7f'],
  ['9110 5.5', 'a backspace in a value', 'X-Bad: a\x08'],
  ['9112 2.2', 'CR CR LF behind a value', 'X-Bad: a\r'],
  ['9110 7.2', 'two Hosts of the same', 'Host: api.acme.test'],
  ['9110 7.2', 'two Hosts of different ones', 'Host: other.test'],
  ['9110 7.2', 'two Hosts in different case', 'hOST: other.test'],
  ['9110 7.2', 'an empty second Host', 'Host:'],
  ['9110 11.6.2', 'two Authorizations', 'Authorization: Basic YTpi', 'Authorization: Bearer x'],
  ['9110 10.1.1', 'an expectation that nobody knows', 'Expect: 200-maybe'],
  ['9110 10.1.1', 'an empty expectation', 'Expect:'],
  ['9110 10.1.1', 'an expectation beside 100-continue', 'Expect: 100-continue, x'],
  ['9110 10.1.1', 'two expectations', 'Expect: 100-continue', 'Expect: 100-continue'],
  ['9110 10.1.1', 'an expectation with a space', 'Expect: 100 continue'],
  ['9110 10.1.1', 'an expectation with something before', 'Expect: y100-continue'],
  ['9110 5.4', '101 headers', ...many(100)],
  ['9110 5.4', '1,000 headers', ...many(999)],
  ['9110 5.4', 'a header of 17,000 bytes', `X-Big: ${'a'.repeat(17_000)}`],
  ['9110 5.4', 'a name of 17,000 bytes', `${'a'.repeat(17_000)}: 1`],
  [
    '9110 5.4',
    'headers of 20,000 bytes together',
    ...Array.from({ length: 50 }, (_, i) => `X-${i}: ${'a'.repeat(400)}`),
  ],
];

const withoutHost = (line: string, ...fields: string[]): string =>
  `${[line, ...fields].map((one) => `${one}\r\n`).join('')}\r\n`;

const badHosts: readonly (readonly [name: string, host: string])[] = [
  ['of nothing', ''],
  ['with a space', 'api.acme.test x'],
  ['with a comma', 'api.acme.test, other.test'],
  ['with a path', 'api.acme.test/x'],
  ['with a query', 'api.acme.test?x'],
  ['with a fragment', 'api.acme.test#x'],
  ['with a user', 'user@api.acme.test'],
  ['with a scheme', 'http://api.acme.test'],
  ['with a backslash', 'api.acme.test\\x'],
  ['with an empty port', 'api.acme.test:'],
  ['with a port of letters', 'api.acme.test:http'],
  ['with a port too large', 'api.acme.test:65536'],
  ['with a port of six digits', 'api.acme.test:000080'],
  ['with two ports', 'api.acme.test:80:80'],
  ['with a negative port', 'api.acme.test:-80'],
  ['with a percent', 'api%2eacme.test'],
  ['with a byte beyond ASCII', 'api.acme.t\xe9st'],
  ['with a dot first', '.api.acme.test'],
  ['with an underscore first', '_api.acme.test'],
  ['in quotes', '"api.acme.test"'],
  ['with a semicolon', 'api.acme.test;x'],
  ['of an address that is not closed', '[::1'],
  ['of an address with a zone', '[fe80::1%25eth0]'],
  ['with something behind an address', '[::1]x'],
  ['of 300 bytes', 'a'.repeat(300)],
];

export const fields: readonly WireCase[] = [
  ...badFields.map(([clause, name, ...lines]) => refused(clause, name, get(...lines))),
  ...badHosts.map(([name, value]) =>
    refused('9112 3.2', `a Host ${name}`, withoutHost('GET {p} HTTP/1.1', `Host: ${value}`)),
  ),
  refused('9112 3.2', 'no Host', withoutHost('GET {p} HTTP/1.1', 'X: 1')),
  refused('9112 3.2', 'no Host in HTTP/1.0', withoutHost('GET {p} HTTP/1.0', 'X: 1')),
  refused('9112 3.2.2', 'no Host, but an absolute target', withoutHost('GET http://api.acme.test{p} HTTP/1.1')),
  served('9112 3.2', 'a Host with a port', withoutHost('GET {p} HTTP/1.1', 'Host: api.acme.test:8080'), 'GET {p}'),
  served('9112 3.2', 'a Host in capitals', withoutHost('GET {p} HTTP/1.1', 'HOST: API.ACME.TEST'), 'GET {p}'),
  served('9112 3.2', 'a Host with a dot behind', withoutHost('GET {p} HTTP/1.1', 'Host: api.acme.test.'), 'GET {p}'),
  {
    ...served('9112 3.2', 'a Host that nobody serves', withoutHost('GET {p} HTTP/1.1', 'Host: other.test')),
    sees: [404],
  },
  {
    ...served('9112 5.1', 'white space round a value', get('X-Kept: \t a b\t ')),
    has: ['X-Kept: a b'],
    ...one('GET {p}'),
  },
  { ...served('9110 5.5', 'a value of nothing', get('X-Kept:')), has: ['X-Kept: '], ...one('GET {p}') },
  {
    ...served('9110 5.5', 'a value beyond ASCII', get('X-Kept: caf\xe9')),
    has: ['X-Kept: caf\xe9'],
    ...one('GET {p}'),
  },
  { ...served('9110 5.5', 'a colon in a value', get('X-Kept: a:b::')), has: ['X-Kept: a:b::'], ...one('GET {p}') },
  { ...served('9110 5.1', 'every character of a name', get("X!#$%&'*+-^`|~0: 1")), ...one('GET {p}') },
  { ...served('9110 5.4', '100 headers', get(...many(99))), ...one('GET {p}') },
  { ...served('9110 5.4', 'a header of 15,000 bytes', get(`X-Big: ${'a'.repeat(15_000)}`)), ...one('GET {p}') },
  {
    ...served('9110 5.2', 'two headers of one name', get('X-Two: 1', 'X-Two: 2')),
    has: ['X-Two: 1', 'X-Two: 2'],
    ...one('GET {p}'),
  },
  ...dropped('spoofing', 'a name with an underscore', ['X_User: root'], [/user/i]),
  ...dropped('spoofing', 'a name with a dot', ['X.User: root'], [/user/i]),
  ...dropped(
    'spoofing',
    'an underscore in a name of ours',
    ['X_Forwarded_For: 1.1.1.1', 'X-Forwarded_Host: evil'],
    [/1\.1\.1\.1|evil/],
  ),
  ...dropped('spoofing', 'an underscore in Content_Length', ['Content_Length: 5'], [/content.length/i]),
  ...dropped('spoofing', 'an underscore in Transfer_Encoding', ['Transfer_Encoding: chunked'], [/transfer.encoding/i]),
  ...dropped(
    'spoofing',
    'X-Forwarded-For and its relatives',
    [
      'X-Forwarded-For: 9.9.9.9',
      'X-Real-IP: 9.9.9.9',
      'Forwarded: for=9.9.9.9',
      'True-Client-IP: 9.9.9.9',
      'CF-Connecting-IP: 9.9.9.9',
    ],
    [/9\.9\.9\.9/],
  ),
  ...dropped('spoofing', 'another path by a header', ['X-Original-URL: /admin', 'X-Rewrite-URL: /admin'], [/admin/]),
  ...dropped(
    'spoofing',
    'names of the gateway',
    ['X-Sluice-Request-Id: forged', 'x-sluice-anything: forged'],
    [/forged/],
  ),
  ...dropped(
    '9110 7.6.1',
    'what Connection names',
    ['Connection: x-user, close', 'X-User: root'],
    [/root/, /connection: x-user/i],
    'closed',
  ),
  ...dropped(
    '9110 7.6.1',
    'what two Connections name',
    ['Connection: x-one', 'Connection: x-two', 'X-One: 1', 'X-Two: 2'],
    [/x-one|x-two/i],
  ),
  ...dropped(
    '9110 7.6.1',
    'hop-by-hop headers',
    ['TE: trailers', 'Trailer: X', 'Keep-Alive: timeout=5', 'Proxy-Connection: x', 'Proxy-Authorization: Basic x'],
    [/\r\n(?:te|trailer|keep-alive|proxy-[a-z]+):/i],
  ),
  ...dropped('9110 7.6.1', 'Connection that names Host', ['Connection: host'], [/connection: host/i]),
  ...dropped(
    '9110 7.6.1',
    'Connection that names the request id',
    ['Connection: x-sluice-request-id'],
    [/connection: x/i],
  ),
  ...dropped(
    '9110 7.8',
    'an upgrade to HTTP/2',
    ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'],
    [/upgrade|http2|h2c/i],
  ),
  ...dropped(
    '9110 7.8',
    'an upgrade that Connection does not name',
    ['Upgrade: websocket', 'Sec-WebSocket-Key: x'],
    [/\r\nupgrade:/i],
  ),
  ...dropped('9110 7.8', 'an upgrade to TLS', ['Connection: upgrade', 'Upgrade: TLS/1.0'], [/upgrade/i]),
  ...dropped('9110 10.1.1', 'Expect of a request without a body', ['Expect: 100-continue'], [/expect/i]),
  { ...served('9110 7.6.3', 'Via', get('Via: 1.0 fred')), has: ['via: 1.0 fred, 1.1 sluice'], ...one('GET {p}') },
  { ...served('9112 9.3', 'Connection: close', get('Connection: Close')), afterwards: 'closed', ...one('GET {p}') },
  {
    ...served('9112 9.3', 'Connection: close among others', get('Connection: x, cLoSe ,y')),
    afterwards: 'closed',
    ...one('GET {p}'),
  },
  {
    ...served('9112 9.3', 'close beside keep-alive', get('Connection: keep-alive', 'Connection: close')),
    afterwards: 'closed',
    ...one('GET {p}'),
  },
  {
    ...served(
      '9112 9.3',
      'keep-alive beside close in HTTP/1.0',
      head('GET {p} HTTP/1.0', 'Connection: keep-alive, close'),
    ),
    afterwards: 'closed',
    ...one('GET {p}'),
  },
];

function one(line: string): Pick<WireCase, 'sees' | 'upstream'> {
  return { sees: [200], upstream: [line] };
}

function dropped(
  clause: string,
  name: string,
  lines: readonly string[],
  lacks: readonly RegExp[],
  afterwards: WireCase['afterwards'] = 'kept',
): WireCase[] {
  return [{ ...served(clause, `${name}: goes no further`, get(...lines)), lacks, afterwards, ...one('GET {p}') }];
}
