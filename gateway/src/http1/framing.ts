// What two headers say about where a message's body ends (RFC 9112, section 6). Nothing that two readers could take
// differently is taken at all: one Content-Length of digits, or one Transfer-Encoding that says `chunked`, never both.
import type { Framing } from './body-decoder.js';
import { chunked } from './body-decoder.js';

export type FramingFault = 'bad_length' | 'two_lengths' | 'bad_coding' | 'coding_in_1_0' | 'length_and_coding';

/** What is wrong with the framing, in words. */
export const framingFaults = {
  bad_length: 'The Content-Length is not a number of bytes.',
  two_lengths: 'The message has more than one Content-Length.',
  bad_coding: 'The Transfer-Encoding may only be chunked.',
  coding_in_1_0: 'A message of HTTP/1.0 must not have a Transfer-Encoding.',
  length_and_coding: 'The message has both a Content-Length and a Transfer-Encoding.',
} as const satisfies Record<FramingFault, string>;

const codingWithTab = /\r\ntransfer-encoding:[^\r]*\t/i;
const digits = /^\d{1,16}$/;

/** Gathered while the fields of one head are gone through. */
export class FramingRule {
  fault: FramingFault | undefined;
  readonly #minorVersion: 0 | 1;
  #length = -1;
  #isChunked = false;

  constructor(minorVersion: 0 | 1) {
    this.#minorVersion = minorVersion;
  }

  contentLength(value: string): void {
    const length = digits.test(value) ? Number(value) : Infinity;
    if (this.#length !== -1) this.fault ??= 'two_lengths';
    else if (!Number.isSafeInteger(length)) this.fault ??= 'bad_length';
    this.#length = length;
  }

  transferEncoding(value: string): void {
    if (this.#minorVersion === 0) this.fault ??= 'coding_in_1_0';
    // Any other coding would be lost: only the chunks are taken off and put on again.
    else if (this.#isChunked || value.toLowerCase() !== 'chunked') this.fault ??= 'bad_coding';
    this.#isChunked = true;
  }

  /**
   * @param ifNeither where no header says it. Undefined: see `fault`.
   * @param text the head. White space behind `chunked` may be a tab, and llhttp then reads no chunks: nobody sends that.
   */
  framing(ifNeither: Framing, text: string): Framing | undefined {
    if (this.#isChunked && this.#length !== -1) this.fault ??= 'length_and_coding';
    if (this.#isChunked && codingWithTab.test(text)) this.fault ??= 'bad_coding';
    if (this.fault !== undefined) return undefined;
    if (this.#isChunked) return chunked;
    return this.#length === -1 ? ifNeither : this.#length;
  }
}
