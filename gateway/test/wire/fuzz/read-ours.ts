// The gateway's codec, put together as connections use it.
import { BodyDecoder } from '../../../src/http1/body-decoder.js';
import type { Framing } from '../../../src/http1/body-decoder.js';
import { HeadReader } from '../../../src/http1/head-reader.js';
import { mostHeaders, readRequestHead } from '../../../src/http1/request-head.js';
import { readResponseHead } from '../../../src/http1/response-head.js';
import type { Direction } from './generate.js';
import type { Message, Reading } from './reading.js';

interface Head {
  readonly message: Message;
  readonly framing: Framing;
}

/** @param method of the request that responses answer. */
export function readByOurs(direction: Direction, pieces: readonly Buffer[], method: string): Reading {
  const reading: Reading = { messages: [], fault: '' };
  const reader = new HeadReader(16_384, direction === 'request');
  let decoder: BodyDecoder | undefined;
  let current: Message | undefined;
  const onBytes = (bytes: Buffer): boolean => {
    if (current !== undefined) current.body += bytes.toString('latin1');
    return true;
  };
  for (const piece of pieces) {
    // Small chunks are moved together within what was read.
    const bytes = Buffer.from(piece);
    let at = 0;
    while (at < bytes.length) {
      if (decoder === undefined) {
        at = reader.push(bytes, at);
        if (reader.fault !== undefined) reading.fault = reader.fault;
        if (at === -1) break;
        const head = headOf(direction, reader.text, method);
        if (typeof head === 'string') reading.fault = head;
        else {
          current = head.message;
          reading.messages.push(current);
          decoder = new BodyDecoder(head.framing, { onBytes });
        }
      } else at = decoder.push(bytes, at);
      if (decoder?.fault !== undefined) reading.fault = decoder.fault;
      if (reading.fault !== '') return reading;
      if (decoder?.hasEnded !== true) continue;
      decoder = undefined;
      if (current === undefined) continue;
      current.isWhole = true;
      if (!current.isKeptAlive || current.isUpgrade) return reading;
      current = undefined;
    }
  }
  return reading;
}

function headOf(direction: Direction, text: string, method: string): Head | string {
  if (direction === 'request') {
    const head = readRequestHead(text);
    if (head.isFault) return head.detail;
    const { headers, isKeptAlive, framing } = head;
    // The target as it was sent: the canonical one is the engine's matter, and has tests of its own.
    const target = text.slice(text.indexOf(' ') + 1, text.indexOf('\r\n') - 9);
    return {
      framing,
      message: { start: head.method, target, fields: headers, body: '', isWhole: false, isKeptAlive, isUpgrade: false },
    };
  }
  const head = readResponseHead(text, method, mostHeaders);
  if (head.isFault) return head.detail;
  const { status, headers, isKeptAlive, framing } = head;
  const isUpgrade = status === 101;
  return {
    framing,
    message: { start: String(status), target: '', fields: headers, body: '', isWhole: false, isKeptAlive, isUpgrade },
  };
}
