// Messages of HTTP/1.1, most of them well formed but for one place or two: several on one connection, cut anywhere.
import type { Random } from './random.js';

export type Direction = 'request' | 'response';

/** What is put where it does not belong. */
const morsels = [
  ...'\0\t\n\r\v\f \x7f\x80\xff:;,/\\?#%"+-_0aA'.split(''),
  '\r\n',
  '\r\n\r\n',
  '\n\n',
  '\r\r\n',
  '\r\n ',
  ' :',
  '\t:',
  '0x',
  '0\r\n\r\n',
  '5\r\nabcde\r\n',
  '3;a=b\r\n',
  'chunked',
  'Content-Length: 3\r\n',
  'Content-Length: 0\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Connection: close\r\n',
  'Host: b\r\n',
  'HTTP/1.1',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
];

const methods = [
  'GET',
  'GET',
  'POST',
  'POST',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'QUERY',
  'PROPFIND',
  'M-SEARCH',
  'PURGE',
  'TRACE',
  'CONNECT',
  'BREW',
  'get',
];
const targets = [
  '/',
  '/a',
  '/a/b?c=d',
  '/a%20b',
  '/a/../b',
  '//a',
  '/?',
  'http://a/',
  'http://a',
  'http://b/',
  'https://a?x',
  '*',
  'a',
  'a:80',
  '/a b',
  '/#a',
  '/%',
  '/\xe9',
];
const versions = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/0.9',
  'HTTP/1.10',
  'http/1.1',
];
const statusLines = [
  '200 OK',
  '200 OK',
  '200',
  '200 ',
  '201 Cr\xe9\tated',
  '204 No',
  '304 Not',
  '100 Continue',
  '103 Early',
  '101 Switching',
  '404 Not',
  '500 Oops',
  '099 x',
  '600 x',
  '20 x',
  '2000 x',
  '200\tOK',
];
const fields = [
  'X: y',
  'X:y',
  'X: \t y \t',
  'X:',
  'X: a:b',
  'X: caf\xe9',
  'X-Two: 1\r\nX-Two: 2',
  'Accept: */*',
  'X : y',
  ' X: y',
  'X\ty: z',
  'X: a\r\n b',
  'Connection: close',
  'Connection: keep-alive',
  'Connection: x, Close',
  'Connection: upgrade',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'Expect: 100-continue',
  'Expect: x',
  'Authorization: a',
  'Trailer: X',
  'Keep-Alive: 5',
  'Proxy-Connection: keep-alive',
];
const lengths = ['0', '3', '5', '5', '05', '+5', '5,5', '5 5', '0x5', '', '99999999999999999999', '5\t', '-1'];
const codings = [
  'chunked',
  'chunked',
  'chunked',
  'Chunked',
  'identity',
  'gzip, chunked',
  'chunked, gzip',
  'chunked, chunked',
  'xchunked',
  'chunked;a',
  ' chunked ',
  '',
];
const sizes = [
  '5',
  '5',
  '5',
  '05',
  '5;a',
  '5;a=b',
  '5;a="b"',
  '5;a="b\\"c"',
  '5 ;a',
  '5; a',
  '5 ',
  ' 5',
  '0x5',
  '+5',
  '5;',
  '',
  'ffffffffffffffff1',
  '5;a=',
  '5;=b',
  '5;a="b',
];
const trailers = ['', '', '', 'X: y\r\n', 'Content-Length: 5\r\n', 'X : y\r\n', 'X\r\n', 'X: y\r\n z\r\n'];

export interface Generated {
  readonly pieces: readonly Buffer[];
  readonly text: string;
}

export function generate(random: Random, direction: Direction): Generated {
  let text = '';
  const count = 1 + random.below(3);
  for (let index = 0; index < count; index += 1) text += message(random, direction);
  for (let left = random.below(4); left > 0; left -= 1) text = mutate(random, text);
  return { text, pieces: cut(random, Buffer.from(text, 'latin1')) };
}

function message(random: Random, direction: Direction): string {
  const isOdd = random.once(3);
  // Mostly the first of a list, which are the right ones.
  const pick = (list: readonly string[]): string => (isOdd ? random.one(list) : (list[random.below(3)] ?? ''));
  let head = random.once(40) ? '\r\n' : '';
  head +=
    direction === 'request'
      ? `${pick(methods)} ${pick(targets)} ${pick(versions)}\r\n${random.once(30) ? '' : 'Host: a\r\n'}`
      : `${pick(versions)} ${pick(statusLines)}\r\n`;
  for (let left = random.below(4); left > 0; left -= 1) head += `${pick(fields)}\r\n`;
  switch (random.below(4)) {
    case 0:
      return `${head}Content-Length: ${isOdd ? random.one(lengths) : '5'}\r\n\r\nabcde`;
    case 1:
      return `${head}Transfer-Encoding: ${isOdd ? random.one(codings) : 'chunked'}\r\n\r\n${chunks(random, isOdd)}`;
    case 2:
      return `${head}Content-Length: 0\r\n\r\n`;
    default:
      return `${head}\r\n`;
  }
}

function chunks(random: Random, isOdd: boolean): string {
  let body = '';
  for (let left = random.below(3); left > 0; left -= 1) body += `${isOdd ? random.one(sizes) : '5'}\r\nabcde\r\n`;
  return `${body}0\r\n${isOdd ? random.one(trailers) : ''}\r\n`;
}

/** What is put where a line begins. */
const lines = morsels.filter((morsel) => morsel.endsWith('\r\n'));
/** What is put where a line ends. */
const endings = ['\n', '\r', '', '\n\r', '\r\r\n', '\r\n\r\n', ' \r\n', '\t\r\n', 'X\r\n', '\r\n ', '\0\r\n'];

// Most faults that matter stand at the borders of lines.
function mutateLine(random: Random, text: string): string {
  const ends = [...text.matchAll(/\r\n/g)].map(({ index }) => index);
  if (ends.length === 0) return text;
  const at = random.one(ends);
  if (random.once(2)) return text.slice(0, at + 2) + random.one(lines) + text.slice(at + 2);
  return text.slice(0, at) + random.one(endings) + text.slice(at + 2);
}

function mutate(random: Random, text: string): string {
  if (random.once(2)) return mutateLine(random, text);
  const at = random.below(text.length + 1);
  const length = random.once(3) ? random.below(20) : 1;
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + random.one(morsels) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + text.slice(at + length);
    case 2:
      return text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
    case 3:
      return text.slice(0, at) + text.slice(at, at + length).toUpperCase() + text.slice(at + length);
    case 4:
      return random.once(4) ? text.slice(0, at) : text;
    default:
      return text.slice(0, at) + random.one(morsels) + text.slice(at);
  }
}

function cut(random: Random, bytes: Buffer): Buffer[] {
  if (random.once(2) || bytes.length < 2) return [bytes];
  const pieces: Buffer[] = [];
  let at = 0;
  for (let left = random.below(5); left > 0 && at < bytes.length; left -= 1) {
    const end = at + 1 + random.below(bytes.length - at);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  if (at < bytes.length) pieces.push(bytes.subarray(at));
  return pieces;
}
