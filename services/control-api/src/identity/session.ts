// Who is asking with a session. Its cookie is looked up in Postgres on every request, so that a session ended anywhere is ended
// everywhere at once.
import type { Role } from '@sluice/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TokenInUse } from '../access-tokens/token-scope.js';
import { clientAddressHeader, originHeader, type Auth } from './auth.js';

export interface Caller {
  /** The service account's id, where it is one. */
  readonly identityId: string;
  /** Proven: nobody gets in without that. Of a service account: its name in words, for histories. */
  readonly email: string;
  readonly name: string;
  /** The access token that the request came with, instead of a session. */
  readonly token?: TokenInUse;
  readonly serviceAccount?: {
    readonly tenantId: string;
    readonly tenantSlug: string;
    readonly role: Role;
    readonly isSuspended: boolean;
    readonly purgeAt: Date | null;
  };
}

/** The caller, or undefined. A cookie that the library renewed goes out with the answer. */
export async function callerOf(auth: Auth, req: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined> {
  if (req.headers.cookie === undefined) return undefined;
  const { response, headers } = await auth.api.getSession({ headers: authHeaders(req), returnHeaders: true });
  for (const cookie of headers.getSetCookie()) void reply.header('set-cookie', cookie);
  if (response === null || !response.user.emailVerified) return undefined;
  const { id, email, name } = response.user;
  return { identityId: id, email, name };
}

/** What the library may see of a request: the cookies, and what we vouch for ourselves. */
export function authHeaders(req: FastifyRequest): Headers {
  const headers = new Headers({ [clientAddressHeader]: req.ip });
  const { cookie, origin, 'user-agent': userAgent } = req.headers;
  if (cookie !== undefined) headers.set('cookie', cookie);
  if (userAgent !== undefined) headers.set('user-agent', userAgent.slice(0, 400));
  // The origin has passed the same-origin rule, so links in mails may lead to it.
  if (origin !== undefined) headers.set(originHeader, origin);
  return headers;
}
