// The head of an answer as it goes to a client: one string, one character for each byte. Framing and Connection are
// written anew, whatever the headers say (RFC 9112, section 6); a Date is added where there is none (RFC 9110, 6.6.1).
import { STATUS_CODES } from 'node:http';
import type { Framing } from '../../http1/body-decoder.js';
import { chunked, untilClose } from '../../http1/body-decoder.js';

export interface AnswerHead {
  readonly text: string;
  /** Of what is to follow; 0: nothing, whatever is written. */
  readonly framing: Framing;
}

export interface AnswerTo {
  readonly isHead: boolean;
  readonly minorVersion: 0 | 1;
  /** The connection goes on after this answer, if its framing allows that. */
  readonly isKeptAlive: boolean;
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unsafe = /[^\t\x20-\x7E\x80-\xFF]/;
// oxlint-disable-next-line no-control-regex -- the same, all of them
const everyUnsafe = /[^\t\x20-\x7E\x80-\xFF]/g;
const digits = /^\d{1,15}$/;
const statusLines = new Map<number, string>();

/** That the connection goes on in another protocol (RFC 9110, section 7.8). @param headers names and values in turn. */
export function switchingHead(protocol: string, headers: readonly string[]): string {
  const { fields } = fieldsOf(headers);
  return `${statusLine(101)}upgrade: ${protocol}\r\nconnection: upgrade\r\n${fields}\r\n`;
}

/** @param headers names and values in turn. */
export function answerHead(status: number, headers: readonly string[], to: AnswerTo): AnswerHead {
  const { fields, length } = fieldsOf(headers);
  const framing = framingOf(status, length, to);
  const isKeptAlive = to.isKeptAlive && framing !== untilClose;
  return {
    text: `${statusLine(status)}${fields}${framingLines(status, length, framing, to, isKeptAlive)}\r\n`,
    framing,
  };
}

/** What headers say, without framing and Connection; and the length that they say, or below 0. */
function fieldsOf(headers: readonly string[]): { fields: string; length: number } {
  let fields = '';
  let length = -1;
  let hasDate = false;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const value = headers[index + 1] ?? '';
    const kind = kindOf(name);
    if (kind === 'length') length = lengthOf(value, length);
    else if (kind !== 'connection') {
      hasDate ||= kind === 'date';
      fields += `${safe(name)}: ${safe(value)}\r\n`;
    }
  }
  if (!hasDate) fields += dateLine();
  return { fields, length };
}

function framingOf(status: number, length: number, { isHead, minorVersion }: AnswerTo): Framing {
  if (isHead || isBodiless(status)) return 0;
  if (length >= 0) return length;
  return minorVersion === 1 ? chunked : untilClose;
}

function framingLines(
  status: number,
  length: number,
  framing: Framing,
  { minorVersion }: AnswerTo,
  isKeptAlive: boolean,
): string {
  let lines = '';
  if (framing === chunked) lines = 'transfer-encoding: chunked\r\n';
  // RFC 9110, section 8.6: to HEAD and in 304 it says what a body would have; in 204 and 1xx it must not stand.
  else if (length >= 0 && status !== 204 && status >= 200) lines = `content-length: ${length}\r\n`;
  if (!isKeptAlive) return `${lines}connection: close\r\n`;
  return minorVersion === 0 ? `${lines}connection: keep-alive\r\n` : lines;
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 304 || status < 200;
}

function kindOf(name: string): 'length' | 'connection' | 'date' | '' {
  switch (name.length) {
    case 4:
      return name.toLowerCase() === 'date' ? 'date' : '';
    case 10:
      return name.toLowerCase() === 'connection' || name.toLowerCase() === 'keep-alive' ? 'connection' : '';
    case 14:
      return name.toLowerCase() === 'content-length' ? 'length' : '';
    case 17:
      return name.toLowerCase() === 'transfer-encoding' ? 'connection' : '';
    default:
      return '';
  }
}

/** -2: nothing that can be relied on, so that the body is framed in chunks. */
function lengthOf(value: string, before: number): number {
  const length = digits.test(value) ? Number(value) : -2;
  return before === -1 || before === length ? length : -2;
}

// RFC 9110, section 5.5: what must not stand in a field is replaced by a space. What upstreams send is clean already.
function safe(text: string): string {
  return unsafe.test(text) ? text.replaceAll(everyUnsafe, ' ') : text;
}

function statusLine(status: number): string {
  let line = statusLines.get(status);
  if (line === undefined) {
    line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
    statusLines.set(status, line);
  }
  return line;
}

let dateSecond = 0;
let date = '';

function dateLine(): string {
  const now = Date.now();
  const second = Math.floor(now / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    date = `date: ${new Date(now).toUTCString()}\r\n`;
  }
  return date;
}
