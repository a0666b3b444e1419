// Who asked for a change, and from where, as the audit log keeps it.
import type { AuditActor, AuditContent } from '@sluice/contracts';
import type { FastifyRequest } from 'fastify';

/** Nobody, or nobody knows who. */
export const nobody: AuditActor = { kind: 'system', id: null, name: null, email: null, role: null, tokenId: null };

export function actorOf(req: FastifyRequest | undefined): AuditActor {
  const caller = req?.caller;
  if (caller === undefined) return nobody;
  const { identityId: id, email, name, serviceAccount, token } = caller;
  const role = req?.access?.role ?? serviceAccount?.role ?? null;
  const tokenId = token?.id ?? null;
  // A service account has no address: where people have one, it has its name in words.
  if (serviceAccount !== undefined) return { ...nobody, kind: 'service-account', id, name, role, tokenId };
  const kind = req?.isByOperator === true ? 'operator' : role === null ? 'person' : 'member';
  return { kind, id, name, email, role, tokenId };
}

export function originOf(req: FastifyRequest | undefined): AuditContent['from'] {
  if (req === undefined) return null;
  return { address: req.ip, userAgent: req.headers['user-agent']?.slice(0, 400) ?? null };
}
