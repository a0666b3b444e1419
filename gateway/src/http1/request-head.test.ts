import { expect, test } from 'vitest';
import { chunked } from './body-decoder.js';
import type { RequestHead } from './request-head.js';
import { readRequestHead } from './request-head.js';

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join('');
const withHost = (line: string, ...more: string[]): string => lines(line, 'Host: a.test', ...more);
const read = (text: string): RequestHead => {
  const head = readRequestHead(text);
  if (head.isFault) throw new Error(head.detail);
  return head;
};

test('a head says who is asked, for what, and how the message goes on', () => {
  expect(read(lines('POST /a/../%62?c=%2F HTTP/1.1', 'hOst: A.Test.:80', 'X: y', 'Content-Length: 12'))).toEqual({
    isFault: false,
    method: 'POST',
    host: 'a.test',
    authority: 'A.Test.:80',
    path: '/b',
    query: '?c=%2F',
    headers: ['hOst', 'A.Test.:80', 'X', 'y', 'Content-Length', '12'],
    minorVersion: 1,
    framing: 12,
    isKeptAlive: true,
    expectsContinue: false,
    wantsWebSocket: false,
  });
});

test.each([
  [['HTTP/1.1'], true],
  [['HTTP/1.1', 'Connection: close'], false],
  [['HTTP/1.1', 'Proxy-Connection: x, Close'], false],
  [['HTTP/1.0', 'Proxy-Connection: keep-alive'], false],
  [['HTTP/1.1', 'Connection: x', 'Connection: keep-alive, CLOSE'], false],
  [['HTTP/1.0'], false],
  [['HTTP/1.0', 'Connection: Keep-Alive'], true],
  [['HTTP/1.0', 'Connection: keep-alive', 'Connection: close'], false],
])('%j: the connection is kept: %s', ([version, ...more], isKept) => {
  expect(read(withHost(`GET / ${version ?? ''}`, ...more)).isKeptAlive).toBe(isKept);
});

test('Expect means something in HTTP/1.1 alone', () => {
  expect(read(withHost('PUT / HTTP/1.1', 'Expect: 100-Continue')).expectsContinue).toBe(true);
  expect(read(withHost('PUT / HTTP/1.0', 'Expect: 100-continue')).expectsContinue).toBe(false);
});

test.each([
  [['GET / HTTP/1.1', 'Connection: keep-alive, Upgrade', 'Upgrade: WebSocket'], true],
  [['GET / HTTP/1.1', 'Upgrade: websocket'], false],
  [['GET / HTTP/1.1', 'Connection: upgrade', 'Upgrade: h2c'], false],
  [['GET / HTTP/1.1', 'Connection: upgrade', 'Upgrade: websocket, h2c'], false],
  [['GET / HTTP/1.1', 'Connection: upgrade', 'Upgrade: websocket', 'Upgrade: websocket'], false],
  [['GET / HTTP/1.0', 'Connection: upgrade', 'Upgrade: websocket'], false],
  [['POST / HTTP/1.1', 'Connection: upgrade', 'Upgrade: websocket'], false],
  [['GET / HTTP/1.1', 'Connection: upgrade', 'Upgrade: websocket', 'Content-Length: 5'], false],
  [['GET / HTTP/1.1', 'Connection: upgrade', 'Upgrade: websocket', 'Content-Length: 0'], true],
])('%j asks for a WebSocket: %s', ([line, ...more], wants) => {
  expect(read(withHost(line ?? '', ...more)).wantsWebSocket).toBe(wants);
});

test('a body is chunked, of a length, or not there', () => {
  const framing = (...more: string[]): number => read(withHost('POST / HTTP/1.1', ...more)).framing;
  expect([framing(), framing('Content-Length: 007'), framing('Transfer-Encoding: CHUNKED')]).toEqual([0, 7, chunked]);
});

test('the absolute form of the same host is its path', () => {
  const target = (absolute: string): string => {
    const { path, query } = read(withHost(`GET ${absolute} HTTP/1.1`));
    return path + query;
  };
  expect(['http://a.test', 'HTTP://A.test/x?y', 'https://a.test?y'].map(target)).toEqual(['/', '/x?y', '/?y']);
});

test.each([
  ['does not begin with a method', ''],
  ['does not begin with a method', lines('')],
  ['does not begin with a method', withHost('GET /')],
  ['does not begin with a method', withHost('GET  HTTP/1.1')],
  ['does not begin with a method', withHost(' GET / HTTP/1.1')],
  ['does not begin with a method', withHost('GET\t/\tHTTP/1.1')],
  ['does not begin with a method', withHost('GET / http/1.1')],
  ['does not begin with a method', withHost('GET / HTTP/1.10')],
  ['does not begin with a method', withHost('GET / HTTP/1.1 ')],
  ['target must be a path', withHost('GET  / HTTP/1.1')],
  ['must be percent-encoded', withHost('GET /  HTTP/1.1')],
  ['must be percent-encoded', withHost('GET /a b HTTP/1.1')],
  ['query holds a character', withHost('GET /?a b HTTP/1.1')],
  ['must be percent-encoded', withHost('GET /#a HTTP/1.1')],
  ['query holds a character', withHost('GET /?#a HTTP/1.1')],
  ['must be percent-encoded', withHost('GET /\u00e9 HTTP/1.1')],
  ['not of HTTP/1.1', withHost('GET / HTTP/2.0')],
  ['not of HTTP/1.1', withHost('GET / HTTP/0.9')],
  ['not of HTTP/1.1', lines('PRI * HTTP/2.0')],
  ['method is not one', withHost('get / HTTP/1.1')],
  ['method is not one', withHost('G\u00c9T / HTTP/1.1')],
  ['does not take TRACE', withHost('TRACE / HTTP/1.1')],
  ['does not take CONNECT', withHost('CONNECT a.test:443 HTTP/1.1')],
  ['target must be a path', withHost('OPTIONS * HTTP/1.1')],
  ['target must be a path', withHost('GET a.test:80 HTTP/1.1')],
  ['target must be a path', withHost('GET http://b.test/ HTTP/1.1')],
  ['target must be a path', withHost('GET http://u@a.test/ HTTP/1.1')],
  ['target must be a path', withHost('GET http:///a HTTP/1.1')],
  ['target must be a path', withHost('GET ftp://a.test/ HTTP/1.1')],
  ['encoded dot', withHost('GET /%2e HTTP/1.1')],
  ['more than one Host', withHost('GET / HTTP/1.1', 'Host: a.test')],
  ['more than one Host', withHost('GET / HTTP/1.1', 'HOST: b.test')],
  ['no Host', lines('GET / HTTP/1.1')],
  ['not a host', lines('GET / HTTP/1.1', 'Host:')],
  ['not a host', lines('GET / HTTP/1.1', 'Host: a b')],
  ['not a host', lines('GET / HTTP/1.1', 'Host: a/b')],
  ['not a host', lines('GET / HTTP/1.1', 'Host: a, b')],
  ['not a host', lines('GET / HTTP/1.1', 'Host: u@a')],
  ['not a host', lines('GET / HTTP/1.1', 'Host: a:65536')],
  ['not a host', lines('GET / HTTP/1.1', 'Host: a:')],
  ['more than one Authorization', withHost('GET / HTTP/1.1', 'Authorization: a', 'authorization: b')],
  ['Expect header', withHost('GET / HTTP/1.1', 'Expect: 200-ok')],
  ['Expect header', withHost('GET / HTTP/1.1', 'Expect: 100-continue', 'Expect: 100-continue')],
  ['more than one Content-Length', withHost('POST / HTTP/1.1', 'Content-Length: 3', 'Content-Length: 3')],
  ['not a number of bytes', withHost('POST / HTTP/1.1', 'Content-Length: 3, 3')],
  ['not a number of bytes', withHost('POST / HTTP/1.1', 'Content-Length: 3 3')],
  ['not a number of bytes', withHost('POST / HTTP/1.1', 'Content-Length: -1')],
  ['not a number of bytes', withHost('POST / HTTP/1.1', 'Content-Length: 99999999999999999')],
  ['both a Content-Length', withHost('POST / HTTP/1.1', 'Content-Length: 3', 'Transfer-Encoding: chunked')],
  ['only be chunked', withHost('POST / HTTP/1.1', 'Transfer-Encoding: gzip, chunked')],
  ['only be chunked', withHost('POST / HTTP/1.1', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
  ['only be chunked', withHost('POST / HTTP/1.1', 'Transfer-Encoding: chunked\t')],
  ['only be chunked', withHost('POST / HTTP/1.1', 'Transfer-Encoding:\tchunked')],
  ['HTTP/1.0 must not', withHost('POST / HTTP/1.0', 'Transfer-Encoding: chunked')],
  ['does not follow RFC 9112: white space', withHost('GET / HTTP/1.1', 'A : b')],
  ['more than 100 headers', withHost('GET / HTTP/1.1', ...Array.from({ length: 100 }, () => 'A: b'))],
])('refused: %s (%#)', (detail, text) => {
  const head = readRequestHead(text);
  expect(head).toMatchObject({ isFault: true, detail: expect.stringContaining(detail) });
});

test('a fault names the path that was asked for, without its query', () => {
  expect(readRequestHead(withHost('GET /a?key=1 HTTP/1.1', 'A : b'))).toMatchObject({ path: '/a' });
  expect(readRequestHead(withHost('GET http://b.test/?key=1 HTTP/1.1'))).toMatchObject({ path: '/' });
});
