// The `Idempotency-Key` of a creation, with a hash of the request that carries it: the same key with another request is a
// mistake of the caller's, and is told.
import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { canonicalJson } from '@sluice/contracts';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../http/refusal.js';

export interface Idempotency {
  readonly key: string;
  readonly requestHash: string;
}

export const IdempotencyParam = createParamDecorator((_: unknown, context: ExecutionContext): Idempotency | undefined =>
  idempotencyOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

export function idempotencyOf(req: FastifyRequest): Idempotency | undefined {
  const key = req.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Refusal(
      'bad_request',
      'The header Idempotency-Key is not valid. Write 1 to 255 printable characters without spaces, such as a UUID.',
    );
  }
  return {
    key,
    requestHash: createHash('sha256')
      .update(`${req.method} ${req.url}\n${canonicalJson(req.body ?? null)}`)
      .digest('hex'),
  };
}
