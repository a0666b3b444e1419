// The token in `Authorization: Bearer ...` (RFC 6750). Its scheme is matched in any case. Other schemes are none of ours.
import type { FastifyRequest } from 'fastify';

/** Empty when the scheme stands there without a token; undefined when there is no such header. */
export function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization)) return undefined;
  return authorization.slice('bearer'.length).trim();
}
