// What the wire itself refuses, in words, and the answer that says so. After it the connection ends.
import { problems } from '@sluice/contracts';
import { commonMethods } from '../../http1/request-head.js';
import type { RequestFault } from '../../http1/request-head.js';
import type { TurnWriter } from '../../http1/turn-writer.js';
import type { Malformed, Refusal } from '../exchange.js';
import { answerHead } from './answer-head.js';
import * as bounds from './bounds.js';

export type WireRefusal = Omit<Refusal, 'clientAddress'>;

/** Of a head that did not come whole. */
export const refusals = {
  too_large: {
    code: 'bad_request',
    detail: `The request's head is larger than ${bounds.maxHeadBytes} bytes.`,
    cause: 'too_large',
  },
  forbidden_byte: {
    code: 'bad_request',
    detail:
      'The request does not follow RFC 9112: its head holds a byte that no head has, or a line without CR and LF.',
    cause: 'forbidden_byte',
  },
  cut_off: {
    code: 'bad_request',
    detail: 'The connection ended within the head of the request.',
    cause: 'cut_off',
  },
  too_slow: {
    code: 'request_timeout',
    detail: `The request's head did not arrive within ${bounds.headMs / 1000} s.`,
    cause: 'too_slow',
  },
} as const satisfies Record<string, WireRefusal>;

/** Of a head that came whole. */
export function refusalOf({ code, detail }: RequestFault): WireRefusal {
  return { code, detail, cause: code === 'method_not_allowed' ? 'method' : 'head' };
}

/** @param problem the answer's body, in JSON. */
export function writeRefusal(writer: TurnWriter, code: Malformed['code'], problem: string): void {
  const body = Buffer.from(problem);
  const headers = ['content-type', 'application/problem+json', 'content-length', String(body.length)];
  if (code === 'method_not_allowed') headers.push('allow', commonMethods);
  const { text } = answerHead(problems[code].status, headers, { isHead: false, minorVersion: 1, isKeptAlive: false });
  writer.text(text);
  writer.bytes(body);
}
