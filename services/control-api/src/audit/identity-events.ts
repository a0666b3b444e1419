// What people do with their own accounts belongs to no tenant, and yet a tenant has to know when a member of it signed in or
// was locked out: such an event stands in the log of every tenant of which the person is a member. People and their
// sessions are kept by another role of the database, so these entries are transactions of their own, after the event.
import type { AuditActor, AuditContent } from '@sluice/contracts';
import type { Database, Pool } from '@sluice/prisma';
import type { FastifyRequest } from 'fastify';
import { appendEntry } from './append-entry.js';
import { originOf } from './actor.js';

/** Too many passwords or codes were tried for the address; told once a lock-out. */
export const lockedAction = 'sign_in_locked';

type Subject = { readonly identityId: string } | { readonly email: string };

export interface IdentityEvent {
  /** Who did it, if not the person: somebody known, or nobody knows who. */
  readonly by?: AuditActor | 'unknown';
  /** What is to be said beyond that it happened. */
  readonly after?: Record<string, string>;
}

export interface IdentityEvents {
  note(action: string, subject: Subject, req: FastifyRequest, event?: IdentityEvent): Promise<void>;
}

const unknown: AuditActor = { kind: 'system', id: null, name: null, email: null, role: null, tokenId: null };

export function createIdentityEvents({
  database,
  authPool,
}: {
  readonly database: Database;
  readonly authPool: Pool;
}): IdentityEvents {
  async function identityOf(subject: Subject): Promise<string | undefined> {
    if ('identityId' in subject) return subject.identityId;
    const { rows } = await authPool.query<{ id: string }>(
      'SELECT id FROM auth.identity WHERE email = $1 AND email_verified',
      [subject.email],
    );
    return rows[0]?.id;
  }

  return {
    async note(action, subject, req, { by, after = null } = {}) {
      const identityId = await identityOf(subject);
      if (identityId === undefined) return;
      const memberships = await database.inIdentity(identityId, undefined, (tx) =>
        tx.member.findMany({ where: { identityId, state: 'active' }, orderBy: { tenantId: 'asc' } }),
      );
      for (const { tenantId, id, email, name, role } of memberships) {
        const person = { kind: 'member', id: identityId, name, email, role, tokenId: null } as const;
        const about = { object: 'member', id, name: email, environmentId: null } as const;
        const content: AuditContent = {
          actor: by === undefined ? person : by === 'unknown' ? unknown : by,
          from: originOf(req),
          changes: [{ ...about, change: 'none', before: null, after }],
          omittedChanges: 0,
        };
        await database.inTenant(tenantId, (tx) => appendEntry(tx, tenantId, { action, requestId: req.id, content }));
      }
    },
  };
}
