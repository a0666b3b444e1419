import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Framing } from './body-decoder.js';
import { BodyDecoder, chunked, untilClose } from './body-decoder.js';
import { lastChunk, writeChunk } from './chunk-encoder.js';
import { textOf } from './turn-writer.js';

interface Decoded {
  readonly body: string;
  /** Of all that came. */
  readonly left: string;
  readonly end: string;
}

/** @param stopEvery the sink says stop after every so many calls. */
function decode(framing: Framing, pieces: readonly string[], stopEvery = 0): Decoded {
  let body = '';
  let calls = 0;
  let isStopped = false;
  const decoder = new BodyDecoder(framing, {
    onBytes: (bytes) => {
      if (isStopped) throw new Error('bytes came after stop');
      body += bytes.toString('latin1');
      calls += 1;
      isStopped = stopEvery > 0 && calls % stopEvery === 0;
      return !isStopped;
    },
  });
  let left = '';
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, 'latin1');
    let at = 0;
    while (at < bytes.length && !decoder.hasEnded && decoder.fault === undefined) {
      isStopped = false;
      at = decoder.push(bytes, at);
    }
    left += bytes.toString('latin1', at);
  }
  return { body, left, end: decoder.fault ?? (decoder.hasEnded ? 'ended' : 'goes on') };
}

const cutAnywhere = (text: string, cuts: readonly number[]): string[] => {
  const at = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => text.slice(at[index] ?? 0, end));
};

test('a body of a length ends there, and what follows is left alone', () => {
  expect(decode(5, ['abc', 'defg'])).toEqual({ body: 'abcde', left: 'fg', end: 'ended' });
  expect(decode(0, ['abc'])).toEqual({ body: '', left: 'abc', end: 'ended' });
  expect(decode(5, ['abc'])).toEqual({ body: 'abc', left: '', end: 'goes on' });
});

test('a body until the connection closes is whole when it closes, and no other is', () => {
  const decoder = (framing: Framing): BodyDecoder => new BodyDecoder(framing, { onBytes: () => true });
  expect([untilClose, chunked, 5, 0].map((framing) => decoder(framing).close())).toEqual([true, false, false, true]);
  expect(decode(untilClose, ['abc', 'd'])).toEqual({ body: 'abcd', left: '', end: 'goes on' });
});

test('chunks come out joined, without extensions and trailers', () => {
  const bytes = '5;a=b;c="d \\" e";f\r\nabcde\r\n0A\r\n0123456789\r\n000\r\nX-Trailer: 1\r\nHost: 7\r\n\r\nnext';
  expect(decode(chunked, [bytes])).toEqual({ body: 'abcde0123456789', left: 'next', end: 'ended' });
  expect(decode(chunked, bytes.split(''))).toEqual({ body: 'abcde0123456789', left: 'next', end: 'ended' });
});

test('small chunks of one read are one slice', () => {
  const slices: number[] = [];
  const decoder = new BodyDecoder(chunked, { onBytes: (bytes) => slices.push(bytes.length) > 0 });
  decoder.push(Buffer.from(`${'1\r\nx\r\n'.repeat(1000)}1388\r\n${'y'.repeat(5000)}\r\n1\r\nz\r\n`), 0);
  expect(slices).toEqual([1000, 5001]);
});

test.each([
  ['\r\n', 'bad_chunk_size'],
  [' 5\r\nabcde\r\n', 'bad_chunk_size'],
  ['5 \r\nabcde\r\n', 'bad_chunk_size'],
  ['5\t\r\n', 'bad_chunk_size'],
  ['0x5\r\n', 'bad_chunk_size'],
  ['+5\r\n', 'bad_chunk_size'],
  ['-5\r\n', 'bad_chunk_size'],
  ['5_0\r\n', 'bad_chunk_size'],
  ['g\r\n', 'bad_chunk_size'],
  [';a\r\n', 'bad_chunk_size'],
  ['5\nabcde', 'bad_chunk_size'],
  ['5\r\rabcde', 'bad_chunk_size'],
  ['5\rabcde', 'bad_chunk_size'],
  ['10000000000000000000\r\n', 'chunk_too_large'],
  ['fffffffffffffffff\r\n', 'chunk_too_large'],
  ['00000000000000005\r\nabcde\r\n', 'chunk_too_large'],
  ['5;\r\nabcde', 'bad_chunk_extension'],
  ['5; a\r\nabcde', 'bad_chunk_extension'],
  ['5;a =b\r\nabcde', 'bad_chunk_extension'],
  ['5;a="b\r\nabcde', 'bad_chunk_extension'],
  ['5;a\nabcde', 'bad_chunk_extension'],
  ['5;a\0\r\nabcde', 'bad_chunk_extension'],
  ['5\r\nabcdef\r\n', 'bad_chunk_end'],
  ['5\r\nabcde\n', 'bad_chunk_end'],
  ['5\r\nabcde\rx', 'bad_chunk_end'],
  ['5\r\nabcde0\r\n', 'bad_chunk_end'],
  ['0\r\n\n', 'bad_trailer'],
  ['0\r\nX\r\n\r\n', 'bad_trailer'],
  ['0\r\nX : 1\r\n\r\n', 'bad_trailer'],
  ['0\r\n X: 1\r\n\r\n', 'bad_trailer'],
  ['0\r\nX: 1\n\n', 'bad_trailer'],
  ['0\r\ncontent-LENGTH: 1\r\n\r\n', 'bad_trailer'],
  ['0\r\nX: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 'bad_trailer'],
  ['0\r\nX: 1\0\r\n\r\n', 'bad_trailer'],
])('%j is refused', (bytes, fault) => {
  expect(decode(chunked, [bytes]).end).toBe(fault);
  expect(decode(chunked, bytes.split('')).end).toBe(fault);
});

test('extensions and trailers are bounded, for a whole body', () => {
  expect(decode(chunked, [`5;${'a'.repeat(5000)}`]).end).toBe('chunk_extensions_too_long');
  expect(decode(chunked, ['1;aaaaaaaaaa\r\nx\r\n'.repeat(500)]).end).toBe('chunk_extensions_too_long');
  expect(decode(chunked, [`0\r\nX: ${'x'.repeat(9000)}`]).end).toBe('trailers_too_long');
});

test('whatever was encoded comes out again, however it is cut, and however often the sink says stop', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ minLength: 1, maxLength: 30 }), fc.constant('y'.repeat(5000)))),
      fc.array(fc.nat()),
      fc.nat(3),
      (chunks, cuts, stopEvery) => {
        let encoded = '';
        const writer = {
          text: (text: string) => void (encoded += text),
          bytes: (bytes: Uint8Array) => {
            encoded += textOf(bytes);
            return true;
          },
        };
        for (const chunk of chunks) writeChunk(writer, Buffer.from(chunk, 'latin1'));
        const pieces = cutAnywhere(`${encoded}${lastChunk}next`, cuts);
        expect(decode(chunked, pieces, stopEvery)).toEqual({ body: chunks.join(''), left: 'next', end: 'ended' });
      },
    ),
  );
});
