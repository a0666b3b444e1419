import { expect, test } from 'vitest';
import { chunked, untilClose } from './body-decoder.js';
import { readResponseHead } from './response-head.js';

const read = (text: string, method = 'GET'): unknown => {
  const head = readResponseHead(text, method, 3);
  return head.isFault ? head.detail : [head.status, head.framing, head.isKeptAlive];
};

test('an answer says its status, its headers as they came, and how its body ends', () => {
  const head = readResponseHead('HTTP/1.1 201 Cre\u00e9ted\r\nX-A: 1\r\ncontent-length: 12\r\n\u00e9: 1\r\n', 'GET', 9);
  expect(head.isFault).toBe(true);
  expect(readResponseHead('HTTP/1.1 201 Cre\u00e9ted\r\nX-A: 1\r\ncontent-length: 12\r\n', 'GET', 9)).toMatchObject({
    status: 201,
    headers: ['X-A', '1', 'content-length', '12'],
    framing: 12,
    isKeptAlive: true,
  });
});

test.each([
  ['HTTP/1.1 200\r\nContent-Length: 0\r\n', [200, 0, true]],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n', [200, chunked, true]],
  ['HTTP/1.1 200 OK\r\n', [200, untilClose, false]],
  ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: x, Close\r\n', [200, 5, false]],
  ['HTTP/1.0 200 OK\r\nContent-Length: 5\r\n', [200, 5, false]],
  ['HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n', [200, 5, true]],
  ['HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: close\r\nConnection: keep-alive\r\n', [200, 5, false]],
  ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nProxy-Connection: x, Close\r\n', [200, 5, false]],
  ['HTTP/1.0 200 OK\r\nContent-Length: 5\r\nProxy-Connection: keep-alive\r\n', [200, 5, false]],
  ['HTTP/1.1 100 Continue\r\n', [100, 0, true]],
  ['HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n', [101, 0, true]],
  ['HTTP/1.1 103 Early\r\nTransfer-Encoding: chunked\r\n', [103, 0, false]],
  ['HTTP/1.1 204 No\r\n', [204, 0, true]],
  ['HTTP/1.1 204 No\r\nContent-Length: 0\r\n', [204, 0, true]],
  ['HTTP/1.1 204 No\r\nContent-Length: 5\r\n', [204, 0, false]],
  ['HTTP/1.1 304 Not\r\nContent-Length: 5\r\n', [304, 0, true]],
])('%j is framed by RFC 9112, section 6.3', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test('an answer to HEAD has no body, whatever it says', () => {
  expect(read('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n', 'HEAD')).toEqual([200, 0, true]);
  expect(read('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n', 'HEAD')).toEqual([200, 0, true]);
  expect(read('HTTP/1.1 200 OK\r\n', 'HEAD')).toEqual([200, 0, true]);
});

test.each([
  '',
  '\r\n',
  'HTTP/1.1 200 OK',
  'HTTP/1.1  200 OK\r\n',
  'HTTP/1.1 20 OK\r\n',
  'HTTP/1.1 2000 OK\r\n',
  'HTTP/1.1 099 OK\r\n',
  'HTTP/1.1 600 OK\r\n',
  'HTTP/1.1 +20 OK\r\n',
  'HTTP/1.2 200 OK\r\n',
  'HTTP/2.0 200 OK\r\n',
  'http/1.1 200 OK\r\n',
  'ICY 200 OK\r\n',
  'GET / HTTP/1.1\r\n',
  'HTTP/1.1 200 O\0K\r\n',
  'HTTP/1.1 200 OK\r\nA : 1\r\n',
  'HTTP/1.1 200 OK\r\n A: 1\r\n',
  'HTTP/1.1 200 OK\r\nA: 1\r\n\tb\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: +5\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length:\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 9007199254740993\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n',
  'HTTP/1.1 304 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked;a=1\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n',
  'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n',
  'HTTP/1.1 200 OK\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n',
])('%j is refused', (text) => {
  expect(read(text)).toEqual(expect.any(String));
});
