// The request that is under way, for what writes the audit log at the end of a transaction: handing it through every use case
// would only give each of them the chance to forget it.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The operationId of the endpoint that answers; undefined until its guards have let the request in. */
    operationId?: string;
    /** True when an operator of the platform asks, as such. */
    isByOperator?: boolean;
    /** True once an entry of the audit log was written for it. */
    isWitnessed?: boolean;
  }
}

const requests = new AsyncLocalStorage<FastifyRequest>();

/** A preHandler hook: the body has been read by then, whose events would lose the context. */
export function rememberRequest(req: FastifyRequest, _reply: unknown, done: () => void): void {
  requests.run(req, done);
}

export function currentRequest(): FastifyRequest | undefined {
  return requests.getStore();
}
