// Finds where a head ends in bytes that come in pieces of any size. Bounded; and what can never become a head (a bare LF,
// a control character) is told at once rather than waited for.

export type HeadFault = 'too_large' | 'forbidden_byte';

// A head is seldom larger. What stands behind it, a body mostly, need not become a string.
const firstWindow = 2048;
const headEnd = '\r\n\r\n';
const lineEnd = '\r\n';
// What no head holds anywhere. A CR at the end may still get its LF.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const forbidden = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F]|(?<!\r)\n|\r(?!\n|$)/;

export class HeadReader {
  /** The head with its lines' CRLFs, without the empty line at its end, one character for each byte. */
  text = '';
  fault: HeadFault | undefined;
  readonly #maxBytes: number;
  readonly #mayBeginEmpty: boolean;
  /** What came of a head that has not ended. */
  #held = '';
  /** Its last bytes: an end that is cut in two begins in them. */
  #tail = '';

  /**
   * @param maxBytes of a head.
   * @param mayBeginEmpty one empty line before the head is passed over (RFC 9112, section 2.2: of requests).
   */
  constructor(maxBytes: number, mayBeginEmpty: boolean) {
    this.#maxBytes = maxBytes;
    this.#mayBeginEmpty = mayBeginEmpty;
  }

  /** Some of a head has come, and not its end. */
  get isWithin(): boolean {
    return this.#held !== '' && this.#held !== lineEnd;
  }

  /**
   * Reads on in `bytes` from `from`. The index behind the head when it is whole: its text is `text`, and the reader is
   * ready for the next one. -1: it is not whole, all bytes were taken; or `fault` says why it never will be.
   */
  push(bytes: Buffer, from: number): number {
    if (this.#held !== '') return this.#pushMore(bytes, from);
    const bound = Math.min(bytes.length, from + this.#maxBytes + headEnd.length);
    let text = bytes.toString('latin1', from, Math.min(bound, from + firstWindow));
    let end = this.#endOf(text);
    if (end === -1 && from + text.length < bound) {
      text = bytes.toString('latin1', from, bound);
      end = this.#endOf(text);
    }
    return end === -1 ? this.#hold(text, text) : this.#finish(text, end, from);
  }

  // Only what is new is looked at, with as much of the old as an end can reach back: bytes that come one by one must not
  // make a head cost the square of its length.
  #pushMore(bytes: Buffer, from: number): number {
    const held = this.#held;
    const room = this.#maxBytes + headEnd.length - held.length;
    const text = bytes.toString('latin1', from, Math.min(bytes.length, from + room));
    const joined = this.#tail + text;
    const before = held.length - this.#tail.length;
    const end = before === 0 ? this.#endOf(joined) : joined.indexOf(headEnd);
    return end === -1 ? this.#hold(text, joined) : this.#finish(held + text, before + end, from - held.length);
  }

  /** @param text from the head's beginning. */
  #endOf(text: string): number {
    return text.indexOf(headEnd, this.#beginningOf(text));
  }

  #beginningOf(text: string): number {
    return this.#mayBeginEmpty && text.startsWith(lineEnd) ? lineEnd.length : 0;
  }

  #hold(text: string, joined: string): number {
    this.#held += text;
    if (forbidden.test(joined)) this.fault = 'forbidden_byte';
    else if (this.#held.length > this.#maxBytes) this.fault = 'too_large';
    // An LF at its beginning has been looked at, with the CR before it.
    this.#tail = joined.at(-3) === '\n' ? joined.slice(-2) : joined.slice(-3);
    return -1;
  }

  #finish(text: string, end: number, startsAt: number): number {
    const behind = end + headEnd.length;
    this.#held = '';
    this.#tail = '';
    if (behind > this.#maxBytes) {
      this.fault = 'too_large';
      return -1;
    }
    this.text = text.slice(this.#beginningOf(text), end + lineEnd.length);
    return startsAt + behind;
  }
}
