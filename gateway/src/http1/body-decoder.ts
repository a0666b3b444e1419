// Takes a body out of its framing (RFC 9112, sections 6 and 7.1): by length, in chunks, or until the connection closes.
// Sizes are strict, extensions and trailers bounded, checked and dropped. Bytes are handed on where they lie; only chunks
// that are small are moved together, so that a body of one-byte chunks does not cost a call for each.
import { isNamed, scanFields } from './fields.js';

/** How a message's body ends: after so many bytes (0: there is none), or by one of the two constants below. */
export type Framing = number;
export const chunked: Framing = -1;
export const untilClose: Framing = -2;

export interface BodySink {
  /** False: no more until `push` is called again. The bytes are the sink's only during the call, and may be changed. */
  onBytes(bytes: Buffer): boolean;
}

export type BodyFault =
  | 'bad_chunk_size'
  | 'chunk_too_large'
  | 'bad_chunk_extension'
  | 'chunk_extensions_too_long'
  | 'bad_chunk_end'
  | 'bad_trailer'
  | 'trailers_too_long';

/** What is wrong with a body, in words. */
export const bodyFaults = {
  bad_chunk_size: 'the size of a chunk is not a hexadecimal number with CR and LF behind it',
  chunk_too_large: 'the size of a chunk is larger than any can be',
  bad_chunk_extension: 'a chunk extension is not well formed',
  chunk_extensions_too_long: 'the chunk extensions are too long',
  bad_chunk_end: 'a chunk does not end where its size says, with CR and LF',
  bad_trailer: 'a trailer is not well formed, or speaks of framing or of the connection',
  trailers_too_long: 'the trailers are too long',
} as const satisfies Record<BodyFault, string>;

// Leading zeros included: a size that takes more is an attempt at something.
const mostSizeDigits = 16;
// Of a whole body: each chunk could bring some, and they would cost what no body limit counts.
const mostExtensionBytes = 4096;
const mostTrailerBytes = 4096;
// Larger chunks are cheaper handed on than moved.
const mostMovedBytes = 4096;
// RFC 9112, section 7.1.1, without the white space that it calls bad.
const extensions =
  /^(?:;[!#$%&'*+\-.^`|~\w]+(?:=(?:[!#$%&'*+\-.^`|~\w]+|"(?:[\t !#-[\]-~\x80-\xFF]|\\[\t -~\x80-\xFF])*"))?)+$/;

const sizeFirst = 0;
const size = 1;
const extension = 2;
const sizeEnd = 3;
const data = 4;
const dataEnd = 5;
const dataEndLf = 6;
const trailers = 7;

const lineFeed = 10;
const carriageReturn = 13;
const semicolon = 59;

const hexValue = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit += 1) {
  hexValue[digit.toString(16).charCodeAt(0)] = digit;
  hexValue[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

export class BodyDecoder {
  /** The body is over; what follows belongs to the next message. */
  hasEnded: boolean;
  fault: BodyFault | undefined;
  readonly #framing: Framing;
  readonly #sink: BodySink;
  /** Bytes still to come, of the body or of the chunk. */
  #left: number;
  #state = sizeFirst;
  #digits = 0;
  #extension = '';
  #extensionBytes = 0;
  #trailers = '';

  constructor(framing: Framing, sink: BodySink) {
    this.#framing = framing;
    this.#sink = sink;
    this.#left = framing > 0 ? framing : 0;
    this.hasEnded = framing === 0;
  }

  /** How many bytes were taken is told by the index that is returned; fewer than came: the sink said stop, or all ended. */
  push(bytes: Buffer, from: number): number {
    if (this.hasEnded || from === bytes.length) return from;
    if (this.#framing === chunked) return this.#pushChunked(bytes, from);
    if (this.#framing === untilClose) {
      this.#sink.onBytes(from === 0 ? bytes : bytes.subarray(from));
      return bytes.length;
    }
    const end = Math.min(bytes.length, from + this.#left);
    this.#left -= end - from;
    this.hasEnded = this.#left === 0;
    this.#sink.onBytes(from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end));
    return end;
  }

  /** The connection has ended. False: the body is not whole. */
  close(): boolean {
    if (this.#framing === untilClose) this.hasEnded = true;
    return this.hasEnded;
  }

  // What is ready to be handed on lies in `bytes` between `readyAt` and `readyEnd`.
  #pushChunked(bytes: Buffer, from: number): number {
    let readyAt = 0;
    let readyEnd = 0;
    let at = from;
    while (at < bytes.length && !this.hasEnded) {
      if (this.#state !== data) {
        at = this.#readFraming(bytes, at);
        if (this.fault !== undefined) break;
        continue;
      }
      const taken = Math.min(this.#left, bytes.length - at);
      if (readyEnd === readyAt) {
        readyAt = at;
        readyEnd = at + taken;
      } else if (taken <= mostMovedBytes) {
        bytes.copyWithin(readyEnd, at, at + taken);
        readyEnd += taken;
      } else {
        const goesOn = this.#sink.onBytes(bytes.subarray(readyAt, readyEnd));
        readyAt = at;
        readyEnd = at;
        if (!goesOn) return at;
        readyEnd = at + taken;
      }
      at += taken;
      this.#left -= taken;
      if (this.#left === 0) this.#state = dataEnd;
    }
    if (readyEnd > readyAt) this.#sink.onBytes(bytes.subarray(readyAt, readyEnd));
    return at;
  }

  /** One byte of a chunk's framing; of trailers, as many as there are. */
  #readFraming(bytes: Buffer, at: number): number {
    const code = bytes[at] ?? 0;
    switch (this.#state) {
      case sizeFirst:
      case size:
        this.#readSize(code);
        break;
      case extension:
        this.#readExtension(code);
        break;
      case sizeEnd:
        if (code === lineFeed) this.#state = this.#left === 0 ? trailers : data;
        else this.fault = 'bad_chunk_size';
        break;
      case dataEnd:
        if (code === carriageReturn) this.#state = dataEndLf;
        else this.fault = 'bad_chunk_end';
        break;
      case dataEndLf:
        if (code === lineFeed) this.#state = sizeFirst;
        else this.fault = 'bad_chunk_end';
        this.#digits = 0;
        break;
      default:
        return this.#readTrailers(bytes, at);
    }
    return at + 1;
  }

  #readSize(code: number): void {
    const digit = hexValue[code] ?? -1;
    if (digit >= 0) {
      this.#digits += 1;
      this.#state = size;
      this.#left = this.#left * 16 + digit;
      if (this.#digits > mostSizeDigits || this.#left > Number.MAX_SAFE_INTEGER) this.fault = 'chunk_too_large';
    } else if (this.#state === size && code === carriageReturn) this.#state = sizeEnd;
    else if (this.#state === size && code === semicolon) {
      this.#extension = ';';
      this.#state = extension;
    } else this.fault = 'bad_chunk_size';
  }

  #readExtension(code: number): void {
    if (code === carriageReturn) {
      if (extensions.test(this.#extension)) this.#state = sizeEnd;
      else this.fault = 'bad_chunk_extension';
      return;
    }
    this.#extension += String.fromCharCode(code);
    this.#extensionBytes += 1;
    if (code === lineFeed) this.fault = 'bad_chunk_extension';
    else if (this.#extensionBytes > mostExtensionBytes) this.fault = 'chunk_extensions_too_long';
  }

  // Its own lines and the empty one that ends it. Looked at whole whenever more comes: it is short, or refused.
  #readTrailers(bytes: Buffer, from: number): number {
    const held = this.#trailers;
    const room = mostTrailerBytes + 2 - held.length;
    const text = held + bytes.toString('latin1', from, Math.min(bytes.length, from + room));
    const end = text.startsWith('\r\n') ? -2 : text.indexOf('\r\n\r\n');
    if (end !== -1) {
      if (end > 0 && !areTrailers(text.slice(0, end + 2))) this.fault = 'bad_trailer';
      else this.hasEnded = true;
      return from + end + 4 - held.length;
    }
    this.#trailers = text;
    if (text.startsWith('\n') || /(?<!\r)\n|\r[^\n]/.test(text)) this.fault = 'bad_trailer';
    else if (text.length > mostTrailerBytes) this.fault = 'trailers_too_long';
    return Math.min(bytes.length, from + room);
  }
}

const notInTrailers = ['content-length', 'transfer-encoding', 'connection', 'proxy-connection', 'upgrade'];

// RFC 9110, section 6.5.1: a trailer says nothing of framing or of the connection. There are readers that believe one that
// does.
function areTrailers(text: string): boolean {
  const trailers: string[] = [];
  if (scanFields(text, 0, trailers) !== undefined) return false;
  for (let index = 0; index < trailers.length; index += 2)
    if (notInTrailers.some((name) => isNamed(trailers[index] ?? '', name))) return false;
  return true;
}
