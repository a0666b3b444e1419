// The head of an answer, as upstreams send it (RFC 9112, sections 4 and 6.3). What an honest server never sends is a
// fault: whoever sent it may be answering something else.
import type { Framing } from './body-decoder.js';
import { untilClose } from './body-decoder.js';
import { fieldFaults, isNamed, listHas, scanFields } from './fields.js';
import { FramingRule, framingFaults } from './framing.js';

export class ResponseHead {
  readonly isFault = false;
  readonly status: number;
  /** Names as written and values in turn. */
  readonly headers: readonly string[];
  /** Of the body; 0: none follows, whatever the headers say (HEAD, 1xx, 204, 304). */
  readonly framing: Framing;
  /** The connection may serve another request after this answer. */
  readonly isKeptAlive: boolean;

  constructor(status: number, headers: readonly string[], framing: Framing, isKeptAlive: boolean) {
    this.status = status;
    this.headers = headers;
    this.framing = framing;
    this.isKeptAlive = isKeptAlive;
  }

  /** Another head follows for the same request; 101 is the last of its connection. */
  get isInterim(): boolean {
    return this.status < 200 && this.status !== 101;
  }
}

export interface HeadFault {
  readonly isFault: true;
  /** A sentence for people. */
  readonly detail: string;
}

// RFC 9110, section 15: a status is of five classes. A reason may be missing, with the space before it.
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t -~\x80-\xFF]*)?\r\n/;

/**
 * @param text the head as a HeadReader gives it.
 * @param method of the request that this answers.
 * @param mostFields more are a fault.
 */
export function readResponseHead(text: string, method: string, mostFields: number): ResponseHead | HeadFault {
  const line = statusLine.exec(text);
  if (line === null) return fault('The answer does not begin with a status line of HTTP/1.1.');
  const minorVersion = line[1] === '1' ? 1 : 0;
  const status = Number(line[2]);
  const headers: string[] = [];
  const fieldFault = scanFields(text, line[0].length, headers);
  if (fieldFault !== undefined) return fault(`The answer does not follow RFC 9112: ${fieldFaults[fieldFault]}.`);
  if (headers.length > 2 * mostFields) return fault(`The answer has more than ${mostFields} headers.`);
  const rule = new FramingRule(minorVersion);
  let hasClose = false;
  let isKeptAlive = minorVersion === 1;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const value = headers[index + 1] ?? '';
    if (isNamed(name, 'content-length')) rule.contentLength(value);
    else if (isNamed(name, 'transfer-encoding')) rule.transferEncoding(value);
    else if (isNamed(name, 'connection')) {
      hasClose ||= listHas(value, 'close');
      isKeptAlive ||= listHas(value, 'keep-alive');
    }
    // No RFC's, but meant as it says by old software.
    else if (isNamed(name, 'proxy-connection')) hasClose ||= listHas(value, 'close');
  }
  if (hasClose) isKeptAlive = false;
  const framing = rule.framing(untilClose, text);
  if (framing === undefined) return fault(framingFaults[rule.fault ?? 'bad_length']);
  if (status === 204 || status < 200) {
    // RFC 9112, section 6.3: no body follows. Who announces one all the same may send it.
    const announcesBody = framing !== 0 && framing !== untilClose;
    return new ResponseHead(status, headers, 0, isKeptAlive && !announcesBody);
  }
  if (status === 304 || method === 'HEAD') return new ResponseHead(status, headers, 0, isKeptAlive);
  return new ResponseHead(status, headers, framing, isKeptAlive && framing !== untilClose);
}

function fault(detail: string): HeadFault {
  return { isFault: true, detail };
}
