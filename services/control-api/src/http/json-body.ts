// Bodies are JSON. A member named __proto__ is refused: no object of ours may be changed by what somebody sends.
import type { FastifyRequest } from 'fastify';
import { Refusal } from './refusal.js';

export function parseJsonBody(
  _req: FastifyRequest,
  text: string | Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  if (text.length === 0) return done(null, undefined);
  try {
    done(null, JSON.parse(text.toString(), refusePrototypes));
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

function refusePrototypes(key: string, value: unknown): unknown {
  if (key !== '__proto__') return value;
  throw new Refusal('invalid_body', 'The body has a member named __proto__. Remove it.', [
    { pointer: '', message: '__proto__ is no name for a member', fix: 'remove it' },
  ]);
}
