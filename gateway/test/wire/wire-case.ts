// What a client may send, byte by byte, and what must come of it, on both sides of the gateway.
import { host } from '../feed-server.js';

export interface WireCase {
  /** What is tried. */
  readonly name: string;
  /** The clause of RFC 9110, 9112 or 6455 that decides it, or the published class of attack. */
  readonly clause: string;
  /**
   * The bytes, one character for each; several: several writes. `{p}` is a path of the case's own that leads to the
   * upstream.
   */
  readonly send: string | readonly string[];
  /** Cut into writes of so many bytes. */
  readonly cut?: number;
  /** After them the client ends its side. */
  readonly isEnded?: boolean;
  /** The statuses of the answers, in their order. */
  readonly sees: readonly number[];
  /** What becomes of the connection: it is closed, or serves one more request. */
  readonly afterwards: 'closed' | 'kept';
  /** The requests that reach the upstream, whole, each as `METHOD path` or `METHOD path body`. */
  readonly upstream: readonly string[];
  /** In the head of the first of them, as it went over the wire. */
  readonly has?: readonly string[];
  readonly lacks?: readonly RegExp[];
}

type Sent = WireCase['send'];

const hostLine = `Host: ${host}\r\n`;
const fields = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');

/** A request line, the Host, these fields, and the end of the head. */
export const head = (line: string, ...more: string[]): string => `${line}\r\n${hostLine}${fields(more)}\r\n`;
export const get = (...more: string[]): string => head('GET {p} HTTP/1.1', ...more);
export const post = (more: readonly string[], body = ''): string => `${head('POST {p} HTTP/1.1', ...more)}${body}`;
export const chunkedPost = (body: string, ...more: string[]): string =>
  post(['Transfer-Encoding: chunked', ...more], body);

/** Answered with a 400 and a closed connection; no upstream sees anything whole. */
export const refused = (clause: string, name: string, send: Sent): WireCase => ({
  name,
  clause,
  send,
  sees: [400],
  afterwards: 'closed',
  upstream: [],
});

/** Every request is answered with 200, and the connection serves another one. */
export const served = (clause: string, name: string, send: Sent, ...upstream: string[]): WireCase => ({
  name,
  clause,
  send,
  sees: upstream.map(() => 200),
  afterwards: 'kept',
  upstream,
});

export const cut = (one: WireCase, bytes: number): WireCase => ({ ...one, cut: bytes });
export const closed = (one: WireCase): WireCase => ({ ...one, afterwards: 'closed' });
export const lacking = (pattern: RegExp, one: WireCase): WireCase => ({ ...one, lacks: [pattern] });
