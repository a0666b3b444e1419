import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeadReader } from './head-reader.js';

/** What a reader says of bytes that come in these pieces: the head and how many bytes it took, or what is wrong. */
function read(pieces: readonly string[], maxBytes = 16_384, mayBeginEmpty = true): unknown {
  const reader = new HeadReader(maxBytes, mayBeginEmpty);
  let taken = 0;
  for (const piece of pieces) {
    const end = reader.push(Buffer.from(piece, 'latin1'), 0);
    if (reader.fault !== undefined) return reader.fault;
    if (end !== -1) return { text: reader.text, taken: taken + end };
    taken += piece.length;
  }
  return reader.isWithin ? 'within' : 'nothing';
}

const head = 'GET / HTTP/1.1\r\nHost: a\r\n';

test('a head ends with the first empty line, and what follows is left alone', () => {
  expect(read([`${head}\r\nGET`])).toEqual({ text: head, taken: head.length + 2 });
  const long = `${head}X: ${'x'.repeat(5000)}\r\n`;
  expect(read([`${long}\r\n${'b'.repeat(60_000)}`])).toEqual({ text: long, taken: long.length + 2 });
});

test('wherever it is cut, a head comes out the same', () => {
  const bytes = `\r\n${head}X: ${'x'.repeat(50)}\r\n\r\nrest`;
  const whole = read([bytes]);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
      const at = [0, ...cuts, bytes.length].sort((a, b) => a - b);
      const pieces = at.slice(1).map((end, index) => bytes.slice(at[index] ?? 0, end));
      expect(read(pieces.filter((piece) => piece !== ''))).toEqual(whole);
    }),
  );
  expect(read(bytes.split(''))).toEqual(whole);
});

test('one empty line before a request is passed over, and none before an answer', () => {
  expect(read(['\r\n', `${head}\r\n`])).toEqual({ text: head, taken: head.length + 4 });
  expect(read(['\r\n'])).toBe('nothing');
  expect(read([`\r\n\r\n\r\n${head}\r\n`])).toEqual({ text: '\r\n', taken: 6 });
  expect(read([`\r\n\r\n`], 100, false)).toEqual({ text: '\r\n', taken: 4 });
});

test.each(['GET / HTTP/1.1\n', 'G\0', '\n', '\r\r', 'A\rB', '\x16\x03\x01', 'A\x7f'])(
  'what can never become a head is told before its end: %j',
  (bytes) => {
    expect(read([bytes])).toBe('forbidden_byte');
    expect(read(bytes.split(''))).toBe('forbidden_byte');
  },
);

test('a head is as large as it may be, and one byte more is too large, however it comes', () => {
  const bytes = `${head}X: ${'x'.repeat(3000)}\r\n\r\n`;
  const cut = [bytes.slice(0, 2000), bytes.slice(2000)];
  for (const pieces of [[bytes], cut, bytes.split('')]) {
    expect(read(pieces, bytes.length)).toEqual({ text: bytes.slice(0, -2), taken: bytes.length });
    expect(read(pieces, bytes.length - 1)).toBe('too_large');
  }
  expect(read([`${head}X: ${'x'.repeat(100_000)}`], 4096)).toBe('too_large');
});

test('one reader reads head after head', () => {
  const reader = new HeadReader(1000, true);
  const bytes = Buffer.from(`${head}\r\nPUT / HTTP/1.1\r\n\r\nGE`);
  const first = reader.push(bytes, 0);
  const second = reader.push(bytes, first);
  expect([reader.text, reader.push(bytes, second), reader.isWithin]).toEqual(['PUT / HTTP/1.1\r\n', -1, true]);
});
