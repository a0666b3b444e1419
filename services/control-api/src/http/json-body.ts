// Bodies are JSON. A member named __proto__ is refused: no object of ours may be changed by what somebody sends. So is text
// that no store takes back out as it went in: NUL, and halves of surrogate pairs.
import type { FastifyRequest } from 'fastify';
import { invalidField, Refusal } from './refusal.js';

export function parseJsonBody(
  _req: FastifyRequest,
  text: string | Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  if (text.length === 0) return done(null, undefined);
  try {
    done(null, JSON.parse(text.toString(), refuseUnstorable));
  } catch (error) {
    if (error instanceof Refusal) return done(error);
    const fix = 'send one JSON value, with double quotes and without a comma at its end';
    done(
      new Refusal('invalid_body', `The body is not JSON: ${fix}.`, [
        { pointer: '', message: 'the body is not JSON', fix },
      ]),
    );
  }
}

function refuseUnstorable(key: string, value: unknown): unknown {
  if (key === '__proto__') throw invalidField('', '__proto__ is no name for a member', 'remove it');
  if (isUnstorable(key) || (typeof value === 'string' && isUnstorable(value)))
    throw invalidField('', `the member ${JSON.stringify(key)} holds NUL or half a surrogate pair`, 'leave it out');
  return value;
}

function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}
