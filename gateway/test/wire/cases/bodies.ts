// Bodies that come whole, in pieces, not to their end, or when nobody waits for them.
import type { WireCase } from '../wire-case.js';
import { chunkedPost, cut, get, head, post, served } from '../wire-case.js';

const big = 'b'.repeat(200_000);
const unknownHost = (line: string, ...more: string[]): string =>
  [line, 'Host: other.test', ...more, '', ''].join('\r\n');

/** The client ends its side before it has sent what it announced. */
const cutOff = (clause: string, name: string, send: WireCase['send']): WireCase => ({
  name,
  clause,
  send,
  isEnded: true,
  sees: [],
  afterwards: 'closed',
  upstream: [],
});

export const bodies: readonly WireCase[] = [
  served('9112 6.2', 'a body in two writes', [post(['Content-Length: 6'], 'abc'), 'def'], 'POST {p} abcdef'),
  served('9112 6.2', 'a body behind its head', [post(['Content-Length: 6']), 'abcdef'], 'POST {p} abcdef'),
  cut(served('9112 6.2', 'head and body byte by byte', post(['Content-Length: 6'], 'abcdef'), 'POST {p} abcdef'), 1),
  served('9112 6.2', 'a body of 200,000 bytes', post([`Content-Length: ${big.length}`], big), `POST {p} ${big}`),
  served(
    '9112 7.1',
    'chunks of 200,000 bytes',
    chunkedPost(`${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`),
    `POST {p} ${big}`,
  ),
  served('9112 6.2', 'a body that begins with CRLF', post(['Content-Length: 5'], '\r\nabc'), 'POST {p} \r\nabc'),
  served('9112 2.2', 'CRLF behind a body', [post(['Content-Length: 3'], 'abc\r\n'), get()], 'POST {p} abc', 'GET {p}'),
  {
    ...served(
      '9112 6.2',
      'more than the length is the next request, and no request',
      post(['Content-Length: 3'], 'abcdef\r\n\r\n'),
      'POST {p} abc',
    ),
    sees: [200, 400],
    afterwards: 'closed',
  },
  { ...cutOff('9112 8', 'half of a body of a length', post(['Content-Length: 6'], 'abc')) },
  { ...cutOff('9112 8', 'a body of chunks without the last', chunkedPost('3\r\nabc\r\n')) },
  { ...cutOff('9112 8', 'half of a chunk', chunkedPost('6\r\nabc')) },
  { ...cutOff('9112 8', 'a last chunk without its end', chunkedPost('3\r\nabc\r\n0\r\n')) },
  { ...cutOff('9112 8', 'half of the trailers', chunkedPost('3\r\nabc\r\n0\r\nX: 1\r\n')) },
  { ...cutOff('9112 8', 'nothing of a body', post(['Content-Length: 6'])) },
  { ...cutOff('9112 8', 'half of a head', 'GET {p} HTTP/1.1\r\nHos'), sees: [400] },
  { ...cutOff('9112 8', 'a head without its empty line', get().slice(0, -2)), sees: [400] },
  { ...cutOff('9112 8', 'nothing at all', '') },
  { ...cutOff('9112 8', 'an empty line and nothing', '\r\n') },
  {
    ...served('9112 9.5', 'a client that has ended its side gets its answer', get(), 'GET {p}'),
    isEnded: true,
    afterwards: 'closed',
  },
  {
    ...served('9112 9.5', 'a client that has ended its side gets every answer', get() + get(), 'GET {p}', 'GET {p}'),
    isEnded: true,
    afterwards: 'closed',
  },
  {
    ...served(
      '9112 9.5',
      'a client that has ended its side behind a body gets its answer',
      post(['Content-Length: 3'], 'abc'),
      'POST {p} abc',
    ),
    isEnded: true,
    afterwards: 'closed',
  },
  {
    ...served(
      '9112 9.6',
      'a refused body that has come is passed over',
      unknownHost('POST {p} HTTP/1.1', 'Content-Length: 3') + 'abc',
    ),
    sees: [404],
    afterwards: 'closed',
  },
  {
    ...served(
      '9112 9.6',
      'a refused body of chunks is no request',
      unknownHost('POST {p} HTTP/1.1', 'Transfer-Encoding: chunked') + `3\r\nabc\r\n0\r\n\r\n${get()}`,
    ),
    sees: [404],
    afterwards: 'closed',
  },
  {
    ...served(
      '9112 9.6',
      'a refused body that never comes ends the connection',
      unknownHost('POST {p} HTTP/1.1', 'Content-Length: 3'),
    ),
    sees: [404],
    afterwards: 'closed',
  },
  {
    ...served(
      '9110 10.1.1',
      'a refused body that waits for 100 Continue ends the connection',
      unknownHost('POST {p} HTTP/1.1', 'Content-Length: 3', 'Expect: 100-continue'),
    ),
    sees: [404],
    afterwards: 'closed',
  },
  {
    ...served(
      '9110 10.1.1',
      '100 Continue',
      [post(['Content-Length: 3', 'Expect: 100-continue']), 'abc'],
      'POST {p} abc',
    ),
    sees: [100, 200],
    lacks: [/expect/i],
  },
  {
    ...served(
      '9110 10.1.1',
      '100 Continue in capitals',
      [post(['Content-Length: 3', 'Expect: 100-Continue']), 'abc'],
      'POST {p} abc',
    ),
    sees: [100, 200],
  },
  {
    ...served(
      '9110 10.1.1',
      '100 Continue of chunks',
      [chunkedPost('', 'Expect: 100-continue'), '3\r\nabc\r\n0\r\n\r\n'],
      'POST {p} abc',
    ),
    sees: [100, 200],
  },
  served(
    '9110 10.1.1',
    'no 100 Continue where there is no body',
    post(['Content-Length: 0', 'Expect: 100-continue']),
    'POST {p}',
  ),
  {
    ...served(
      '9110 10.1.1',
      'no 100 Continue to HTTP/1.0',
      head('POST {p} HTTP/1.0', 'Content-Length: 3', 'Expect: 100-continue') + 'abc',
      'POST {p} abc',
    ),
    afterwards: 'closed',
  },
  {
    ...served(
      '0.CL',
      'Expect before a body that looks like a request',
      [post(['Content-Length: 5', 'Expect: 100-continue']), 'GET /'],
      'POST {p} GET /',
    ),
    sees: [100, 200],
  },
];
