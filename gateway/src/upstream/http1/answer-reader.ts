// Reads the answers that come on one connection, one after the other: passes interim answers over, and refuses at once what
// cannot become an answer to the request that was sent.
import { BodyDecoder, untilClose } from '../../http1/body-decoder.js';
import type { BodySink } from '../../http1/body-decoder.js';
import { HeadReader } from '../../http1/head-reader.js';
import { readResponseHead } from '../../http1/response-head.js';
import type { ResponseHead } from '../../http1/response-head.js';

export interface AnswerListener extends BodySink {
  /** False: nothing more is to be read. */
  onHead(head: ResponseHead): boolean;
}

const mostHeadBytes = 65_536;
const mostFields = 256;
const mostInterim = 16;
const headBegins = Buffer.from('HTTP/1.');

export class AnswerReader {
  /** Of the answer that is being read; undefined: it has not come. */
  head: ResponseHead | undefined;
  readonly #heads = new HeadReader(mostHeadBytes, false);
  #decoder: BodyDecoder | undefined;
  #method = '';
  #interim = 0;

  constructor(private readonly listener: AnswerListener) {}

  /** What comes from now on answers a request of this method. */
  begin(method: string): void {
    this.head = undefined;
    this.#decoder = undefined;
    this.#method = method;
    this.#interim = 0;
  }

  /** The answer is whole. */
  get isOver(): boolean {
    return this.#decoder?.hasEnded === true;
  }

  /** The index behind what was taken; fewer than came: the listener said stop, or the answer is over. -1: it is no answer. */
  push(bytes: Buffer, from: number): number {
    let at = from;
    while (this.head === undefined) {
      if (!this.#heads.isWithin && !mayBeginHead(bytes, at)) return -1;
      at = this.#heads.push(bytes, at);
      if (at === -1) return this.#heads.fault === undefined ? bytes.length : -1;
      const head = readResponseHead(this.#heads.text, this.#method, mostFields);
      if (head.isFault) return -1;
      if (head.isInterim) {
        this.#interim += 1;
        if (this.#interim > mostInterim) return -1;
        if (at === bytes.length) return at;
        continue;
      }
      this.head = head;
      this.#decoder = new BodyDecoder(head.status === 101 ? untilClose : head.framing, this.listener);
      if (!this.listener.onHead(head)) return at;
    }
    const decoder = this.#decoder;
    if (decoder === undefined) return -1;
    at = decoder.push(bytes, at);
    return decoder.fault === undefined ? at : -1;
  }

  /** The connection has ended. False: the answer is not whole. */
  close(): boolean {
    return this.#decoder?.close() === true;
  }
}

// What speaks another protocol may never end a line, and would be waited for.
function mayBeginHead(bytes: Buffer, from: number): boolean {
  const end = Math.min(bytes.length, from + headBegins.length);
  for (let at = from; at < end; at += 1) if (bytes[at] !== headBegins[at - from]) return false;
  return true;
}
