// RFC 9112, section 9: several requests on one connection, answered in their order; and what ends it.
import { host } from '../../feed-server.js';
import type { WireCase } from '../wire-case.js';
import { closed, cut, get, head, post, served } from '../wire-case.js';

const path = (name: string, ...more: string[]): string => head(`GET {p}/${name} HTTP/1.1`, ...more);
const all = (...names: string[]): string => names.map((name) => path(name)).join('');
const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

export const connections: readonly WireCase[] = [
  served('9112 9.3.2', 'two requests at once', all('a', 'b'), 'GET {p}/a', 'GET {p}/b'),
  served(
    '9112 9.3.2',
    'twenty requests at once',
    all(...'abcdefghijklmnopqrst'.split('')),
    ...'abcdefghijklmnopqrst'.split('').map((name) => `GET {p}/${name}`),
  ),
  cut(served('9112 9.3.2', 'two requests, cut anywhere', all('a', 'b'), 'GET {p}/a', 'GET {p}/b'), 7),
  served(
    '9112 9.3.2',
    'a request behind a body',
    `${post(['Content-Length: 3'], 'abc')}${path('b')}`,
    'POST {p} abc',
    'GET {p}/b',
  ),
  served('9112 9.3.2', 'a request behind HEAD', `${head('HEAD {p} HTTP/1.1')}${path('b')}`, 'HEAD {p}', 'GET {p}/b'),
  served(
    '9112 9.3.2',
    'a request in two halves behind another',
    [`${path('a')}GET {p}/b HT`, `TP/1.1\r\nHost: ${host}\r\n\r\n`],
    'GET {p}/a',
    'GET {p}/b',
  ),
  {
    ...served(
      '9112 9.3.2',
      'nothing behind a malformed request is read',
      `${path('a')}GET {p} HTTP/1.1\r\nX : 1\r\n\r\n${path('b')}`,
      'GET {p}/a',
    ),
    sees: [200, 400],
    afterwards: 'closed',
  },
  {
    ...served('9112 9.3.2', 'garbage behind a request', `${path('a')}\0\0\0`, 'GET {p}/a'),
    sees: [200, 400],
    afterwards: 'closed',
  },
  {
    ...served(
      '9112 9.3.2',
      'an unknown host between two requests',
      `${path('a')}GET {p} HTTP/1.1\r\nHost: other.test\r\n\r\n${path('b')}`,
      'GET {p}/a',
      'GET {p}/b',
    ),
    sees: [200, 404, 200],
  },
  closed(
    served(
      '9112 9.6',
      'nothing behind Connection: close is read',
      `${path('a', 'Connection: close')}${path('b')}`,
      'GET {p}/a',
    ),
  ),
  closed(
    served('9112 9.3', 'nothing behind HTTP/1.0 is read', `${head('GET {p}/a HTTP/1.0')}${path('b')}`, 'GET {p}/a'),
  ),
  served(
    '9112 9.3',
    'HTTP/1.0 with keep-alive, and HTTP/1.1 behind it',
    `${head('GET {p}/a HTTP/1.0', 'Connection: Keep-Alive')}${path('b')}`,
    'GET {p}/a',
    'GET {p}/b',
  ),
  {
    ...served(
      '9112 9.3.2',
      'TRACE behind a request',
      `${path('a')}${head('TRACE {p} HTTP/1.1')}${path('b')}`,
      'GET {p}/a',
    ),
    sees: [200, 405],
    afterwards: 'closed',
  },
  served(
    '6455 4.2.2',
    'a WebSocket that the upstream does not open is an answer',
    path('a', 'Connection: Upgrade', 'Upgrade: websocket', key, 'Sec-WebSocket-Version: 13'),
    'GET {p}/a',
  ),
  served(
    '6455 4.1',
    'bytes behind a WebSocket that is not opened are a request',
    `${path('a', 'Connection: Upgrade', 'Upgrade: websocket', key, 'Sec-WebSocket-Version: 13')}${path('b')}`,
    'GET {p}/a',
    'GET {p}/b',
  ),
  served(
    'upgrade tricks',
    'a WebSocket by POST is none',
    `${head('POST {p} HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket', key, 'Content-Length: 3')}abc`,
    'POST {p} abc',
  ),
  served(
    'upgrade tricks',
    'a WebSocket with a body is none',
    `${head('GET {p} HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket', key, 'Content-Length: 3')}abc`,
    'GET {p} abc',
  ),
  served(
    'upgrade tricks',
    'two upgrades are none',
    path('a', 'Connection: Upgrade', 'Upgrade: websocket', 'Upgrade: h2c', key),
    'GET {p}/a',
  ),
  served(
    'upgrade tricks',
    'a list of upgrades is none',
    path('a', 'Connection: Upgrade', 'Upgrade: websocket, h2c', key),
    'GET {p}/a',
  ),
  closed(
    served(
      'upgrade tricks',
      'an upgrade in HTTP/1.0 is none',
      head('GET {p}/a HTTP/1.0', 'Connection: Upgrade', 'Upgrade: websocket', key),
      'GET {p}/a',
    ),
  ),
  served('9112 9.3', 'a request without anything behind it', get(), 'GET {p}'),
];
