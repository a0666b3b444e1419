// Node's own parser, by the letter (no leniency), as the other opinion.
import type { Direction } from './generate.js';
import type { Message, Reading } from './reading.js';

const maxHeadBytes = 80 * 1024;
const skipBody = 1;

interface Parser {
  initialize(type: number, resource: object, maxHeaderSize: number, lenientFlags: number): void;
  execute(bytes: Buffer): number | Error;
  finish(): unknown;
  [callback: number]: unknown;
}

interface ParserClass {
  new (): Parser;
  readonly REQUEST: number;
  readonly RESPONSE: number;
  readonly kOnHeaders: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
  readonly kLenientDataAfterClose: number;
}

// Node has it for itself, and without types.
const { HTTPParser } = process.getBuiltinModule('node:_http_common') as unknown as { HTTPParser: ParserClass };
// One for all: a loop that never waits would not let go of thousands of them.
const parser = new HTTPParser();
const methodNames = new Map<number, string>();

/** @param method of the request that responses answer. */
export function readByLlhttp(direction: Direction, pieces: readonly Buffer[], method: string): Reading {
  const reading: Reading = { messages: [], fault: '' };
  // It is told that an answer to HEAD has no body only after it has judged whether the connection goes on.
  const leniency = method === 'HEAD' && direction === 'response' ? HTTPParser.kLenientDataAfterClose : 0;
  parser.initialize(direction === 'request' ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {}, maxHeadBytes, leniency);
  let fields: string[] = [];
  let target = '';
  let current: Message | undefined;
  parser[HTTPParser.kOnHeaders] = (more: string[], url: string) => {
    if (current !== undefined) return; // trailers
    fields.push(...more);
    target += url;
  };
  parser[HTTPParser.kOnHeadersComplete] = (
    _major: number,
    _minor: number,
    more: string[] | undefined,
    methodNumber: number | undefined,
    url: string | undefined,
    status: number | undefined,
    _text: string,
    isUpgrade: boolean,
    isKeptAlive: boolean,
  ) => {
    current = {
      start: direction === 'request' ? (methodNames.get(methodNumber ?? -1) ?? `#${methodNumber}`) : String(status),
      target: direction === 'request' ? target + (url ?? '') : '',
      fields: [...fields, ...(more ?? [])],
      body: '',
      isWhole: false,
      isKeptAlive: isKeptAlive || leniency !== 0,
      isUpgrade,
    };
    fields = [];
    target = '';
    reading.messages.push(current);
    return direction === 'response' && method === 'HEAD' ? skipBody : 0;
  };
  parser[HTTPParser.kOnBody] = (bytes: Buffer) => {
    if (current !== undefined) current.body += bytes.toString('latin1');
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (current !== undefined) current.isWhole = true;
    current = undefined;
  };
  for (const piece of pieces) {
    const result = parser.execute(piece);
    const last = reading.messages.at(-1);
    // Behind an upgrade it leaves everything to another protocol; not before the message's body is whole.
    if (typeof result === 'number' && !(last?.isUpgrade === true && last.isWhole)) continue;
    reading.fault = result instanceof Error && 'code' in result ? String(result.code) : '';
    break;
  }
  return reading;
}

// The numbers of methods are nobody's promise: they are asked for.
export function learnMethods(names: readonly string[]): void {
  for (const name of names) {
    parser.initialize(HTTPParser.REQUEST, {}, maxHeadBytes, 0);
    parser[HTTPParser.kOnHeadersComplete] = (_major: number, _minor: number, _fields: unknown, number: number) => {
      methodNames.set(number, name);
      return 0;
    };
    parser.execute(Buffer.from(`${name} / HTTP/1.1\r\nHost: a\r\n\r\n`));
  }
}
