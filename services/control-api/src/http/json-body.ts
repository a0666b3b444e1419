// Bodies are JSON in UTF-8 (RFC 8259, 8.1), read strictly: bytes that are none would otherwise be stored as U+FFFD. A member
// named __proto__ is refused: no object of ours may be changed by what somebody sends. So is text that no store takes back
// out as it went in: NUL, and halves of surrogate pairs.
import { isUnstorable } from '@sluice/engine/document';
import type { FastifyRequest } from 'fastify';
import { invalidField, Refusal } from './refusal.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function parseJsonBody(
  req: FastifyRequest,
  bytes: string | Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  try {
    const text = textOf(req, bytes);
    done(null, text === '' ? undefined : parse(text));
  } catch (error) {
    done(error as Error);
  }
}

function expectUtf8(contentType: string): void {
  const charset = /;\s*charset\s*=\s*"?(?<name>[^\s";]+)/i.exec(contentType)?.groups?.['name'];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return;
  throw new Refusal('unsupported_media_type', 'The body is in another charset than UTF-8. Send it as UTF-8.');
}

/** Throws a refusal when the body is no UTF-8, or says that it is something else. */
export function textOf(req: FastifyRequest, bytes: string | Buffer): string {
  req.bodyBytes = bytes.length;
  expectUtf8(req.headers['content-type'] ?? '');
  if (typeof bytes === 'string') return bytes;
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalidField('', 'the body is not UTF-8', 'encode it as UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, refuseUnstorable);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const fix = 'send one JSON value, with double quotes and without a comma at its end';
    throw invalidField('', 'the body is not JSON', fix);
  }
}

function refuseUnstorable(key: string, value: unknown): unknown {
  if (key === '__proto__') throw invalidField('', '__proto__ is no name for a member', 'remove it');
  if (isUnstorable(key) || (typeof value === 'string' && isUnstorable(value)))
    throw invalidField('', `the member ${JSON.stringify(key)} holds NUL or half a surrogate pair`, 'leave it out');
  return value;
}
