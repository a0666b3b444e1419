// RFC 9112, section 6: where a body ends. Each published class of request smuggling is a disagreement about that, so each
// stands here with the request that it would smuggle.
import { host } from '../../feed-server.js';
import type { WireCase } from '../wire-case.js';
import { chunkedPost, closed, get, head, post, refused, served } from '../wire-case.js';

const smuggled = `GET {p}/smuggled HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const coding = (value: string, ...more: string[]): string =>
  post([`Transfer-Encoding:${value}`, ...more], `0\r\n\r\n${smuggled}`);
const length = (value: string, body = ''): string => post([`Content-Length:${value}`], body);

const badLengths: readonly (readonly [name: string, value: string])[] = [
  ['with a sign', ' +3'],
  ['below zero', ' -3'],
  ['below zero by nothing', ' -0'],
  ['in hexadecimal', ' 0x3'],
  ['in octal', ' 0o3'],
  ['with an exponent', ' 3e0'],
  ['with a fraction', ' 3.0'],
  ['with a comma', ' 3,'],
  ['as a list of the same', ' 3, 3'],
  ['as a list of different ones', ' 3, 4'],
  ['with a space in it', ' 3 3'],
  ['with a tab in it', ' 3\t3'],
  ['with a semicolon', ' 3;x'],
  ['with a letter', ' 3b'],
  ['with an underscore', ' 1_0'],
  ['in quotes', ' "3"'],
  ['of nothing', ''],
  ['of white space', ' \t '],
  ['of a word', ' three'],
  ['beyond ASCII', ' \xb3'],
  ['beyond what a number holds', ' 9007199254740993'],
  ['beyond 64 bits', ' 18446744073709551619'],
  ['of a thousand zeros', ` ${'0'.repeat(1000)}3`],
];

const badCodings: readonly (readonly [name: string, value: string])[] = [
  ['gzip', ' gzip'],
  ['identity', ' identity'],
  ['identity, chunked', ' identity, chunked'],
  ['gzip, chunked', ' gzip, chunked'],
  ['chunked, gzip', ' chunked, gzip'],
  ['chunked, identity', ' chunked, identity'],
  ['chunked twice', ' chunked, chunked'],
  ['chunked and nothing', ' chunked,'],
  ['nothing and chunked', ' ,chunked'],
  ['with a parameter', ' chunked;q=1'],
  ['with a semicolon', ' chunked;'],
  ['in quotes', ' "chunked"'],
  ['with something before', ' xchunked'],
  ['with something behind', ' chunkedx'],
  ['with a space in it', ' chunk ed'],
  ['with a dash', ' chunked-'],
  ['with a byte beyond ASCII', ' chunked\xa0'],
  ['of nothing', ''],
  ['cow', ' cow'],
  ['behind a tab', '\tchunked'],
  ['before a tab', ' chunked\t'],
  ['with a comma of spaces', ' chunked , '],
];

export const framing: readonly WireCase[] = [
  ...badLengths.map(([name, value]) => refused('9112 6.2', `a length ${name}`, length(value, 'abc'))),
  ...badCodings.map(([name, value]) => refused('9112 6.1', `a coding: ${name}`, coding(value))),
  refused('9112 6.1', 'a coding behind a vertical tab', coding('\x0bchunked')),
  refused('9112 6.1', 'a coding behind a form feed', coding(' \x0cchunked')),
  refused('9112 6.1', 'a coding before a NUL', coding(' chunked\0')),
  refused('CL.TE', 'a length and a coding', post(['Content-Length: 6', 'Transfer-Encoding: chunked'], `0\r\n\r\nG`)),
  refused(
    'TE.CL',
    'a coding and a length',
    post(['Transfer-Encoding: chunked', 'Content-Length: 4'], `5c\r\n${smuggled}`),
  ),
  refused(
    'CL.TE',
    'a length of nothing and a coding',
    post(['Content-Length: 0', 'Transfer-Encoding: chunked'], smuggled),
  ),
  refused(
    'TE.TE',
    'two codings of the same',
    post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  ),
  refused('TE.TE', 'chunked and another', post(['Transfer-Encoding: chunked', 'Transfer-Encoding: cow'], '0\r\n\r\n')),
  refused('TE.TE', 'another and chunked', post(['Transfer-Encoding: cow', 'Transfer-encoding: chunked'], '0\r\n\r\n')),
  refused(
    'TE.TE',
    'identity and chunked',
    post(['Transfer-Encoding: identity', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  ),
  refused('CL.CL', 'two lengths of the same', post(['Content-Length: 3', 'Content-Length: 3'], 'abc')),
  refused('CL.CL', 'two lengths of different ones', post(['Content-Length: 0', 'Content-Length: 44'], smuggled)),
  refused('CL.CL', 'two lengths in different case', post(['Content-Length: 3', 'content-length: 4'], 'abc')),
  refused('CL.CL', 'a length and an empty one', post(['Content-Length: 3', 'Content-Length:'], 'abc')),
  refused('9112 6.1', 'a coding in HTTP/1.0', head('POST {p} HTTP/1.0', 'Transfer-Encoding: chunked') + '0\r\n\r\n'),
  refused(
    '9112 6.1',
    'a coding and a length in HTTP/1.0',
    head('POST {p} HTTP/1.0', 'Transfer-Encoding: chunked', 'Content-Length: 3') + 'abc',
  ),
  refused(
    '9112 6.1',
    'a coding in HTTP/1.0 that keeps its connection',
    head('POST {p} HTTP/1.0', 'Connection: keep-alive', 'Transfer-Encoding: chunked') + '0\r\n\r\n',
  ),
  refused(
    '9112 5.1',
    'a length with a space before its colon, and a coding',
    post(['Content-Length : 3', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  ),
  refused(
    '9112 5.1',
    'a coding with a space before its colon, and a length',
    post(['Content-Length: 3', 'Transfer-Encoding : chunked'], 'abc'),
  ),
  refused(
    '9112 5.1',
    'a coding with a tab before its colon',
    post(['Content-Length: 3', 'Transfer-Encoding\t: chunked'], 'abc'),
  ),
  refused('9112 5.2', 'a folded coding', post(['Content-Length: 3', 'Transfer-Encoding:\r\n chunked'], 'abc')),
  refused(
    '9112 5.2',
    'a coding that folds what is before it',
    post(['X: 1\r\n Transfer-Encoding: chunked', 'Content-Length: 3'], 'abc'),
  ),
  refused(
    '9112 2.2',
    'a coding behind a bare LF',
    post(['X: 1\nTransfer-Encoding: chunked', 'Content-Length: 3'], 'abc'),
  ),
  refused(
    '9112 2.2',
    'a coding behind a bare CR',
    post(['X: 1\rTransfer-Encoding: chunked', 'Content-Length: 3'], 'abc'),
  ),
  served('9112 6.2', 'a length', length(' 3', 'abc'), 'POST {p} abc'),
  served('9112 6.2', 'a length without a space', length('3', 'abc'), 'POST {p} abc'),
  served('9112 6.2', 'a length between spaces', length(' \t3 \t', 'abc'), 'POST {p} abc'),
  served('9112 6.2', 'a length of nothing at all', length(' 0'), 'POST {p}'),
  {
    ...served('9112 6.2', 'a length with zeros before it', length(' 0003', 'abc'), 'POST {p} abc'),
    lacks: [/content-length: 0003/i],
  },
  served('9112 6.3', 'a POST without any framing has no body', post([]), 'POST {p}'),
  served('0.CL', 'a GET with a length', head('GET {p} HTTP/1.1', 'Content-Length: 3') + 'abc', 'GET {p} abc'),
  served(
    '0.CL',
    'a GET whose body looks like a request',
    head('GET {p} HTTP/1.1', `Content-Length: ${smuggled.replaceAll('{p}', '/c/framing-0').length}`) +
      smuggled.replaceAll('{p}', '/c/framing-0'),
    `GET {p} ${smuggled.replaceAll('{p}', '/c/framing-0')}`,
  ),
  served('0.CL', 'a HEAD with a length', head('HEAD {p} HTTP/1.1', 'Content-Length: 3') + 'abc', 'HEAD {p} abc'),
  served(
    '0.CL',
    'a DELETE with chunks',
    head('DELETE {p} HTTP/1.1', 'Transfer-Encoding: chunked') + '3\r\nabc\r\n0\r\n\r\n',
    'DELETE {p} abc',
  ),
  served(
    '0.CL',
    'an OPTIONS with a length',
    head('OPTIONS {p} HTTP/1.1', 'Content-Length: 3') + 'abc',
    'OPTIONS {p} abc',
  ),
  served('9112 6.1', 'a coding in capitals', chunkedPost('0\r\n\r\n').replace('chunked', 'CHUNKED'), 'POST {p}'),
  served('9112 6.1', 'a coding between spaces', coding('  chunked  ').replace(smuggled, ''), 'POST {p}'),
  served(
    'TE.0',
    'chunks behind a GET',
    head('GET {p} HTTP/1.1', 'Transfer-Encoding: chunked') + '0\r\n\r\n',
    'GET {p}',
  ),
  served(
    'TE.0',
    'a request behind the last chunk is a request',
    `${chunkedPost('0\r\n\r\n')}${get()}`,
    'POST {p}',
    'GET {p}',
  ),
  served('CL.0', 'a request behind a length of nothing is a request', `${length(' 0')}${get()}`, 'POST {p}', 'GET {p}'),
  closed(
    served('9112 6.2', 'a length in HTTP/1.0', head('POST {p} HTTP/1.0', 'Content-Length: 3') + 'abc', 'POST {p} abc'),
  ),
  served(
    '9110 7.6.1',
    'Connection that names Content-Length',
    post(['Connection: content-length', 'Content-Length: 3'], 'abc'),
    'POST {p} abc',
  ),
  served(
    '9110 7.6.1',
    'Connection that names Transfer-Encoding',
    chunkedPost('3\r\nabc\r\n0\r\n\r\n', 'Connection: transfer-encoding'),
    'POST {p} abc',
  ),
];
