// What people do with their own accounts belongs to no tenant, and yet a tenant has to know when a member of it signed in or
// was locked out: such an event stands in the log of every tenant of which the person is a member. People and their
// sessions are kept by another role of the database, so these entries are transactions of their own, after the event. How
// many tenants a person is in is for others to decide too, who invite: the first ones are told before the answer, the rest
// is queued before it, and told behind it.
import type { AuditActor, AuditContent } from '@sluice/contracts';
import type { Database, Member, Pool, Tx } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import type { FastifyRequest } from 'fastify';
import { loggableError } from '../database/loggable-error.js';
import { appendEntry } from './append-entry.js';
import { nobody, originOf } from './actor.js';
import { IdentityEventQueue, type QueuedEvent } from './identity-event-queue.js';

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
  /** Ends what is being told; what is queued stays so. */
  close(): Promise<void>;
}

/** Tenants told in one go: about a fifth of a second. */
const mostAtOnce = 20;
const lookAgainMs = 60_000;

export function createIdentityEvents({
  database,
  authPool,
  logger,
}: {
  readonly database: Database;
  readonly authPool: Pool;
  readonly logger: Logger;
}): IdentityEvents {
  const queue = new IdentityEventQueue(authPool, tellNext, (error) =>
    logger.warn({ error: loggableError(error) }, 'events of accounts were not noted; it is tried again in a minute'),
  );
  // Also what another process left when it ended.
  const timer = setInterval(() => queue.work(), lookAgainMs);
  timer.unref();

  async function identityOf(subject: Subject): Promise<string | undefined> {
    if ('identityId' in subject) return subject.identityId;
    const { rows } = await authPool.query<{ id: string }>(
      'SELECT id FROM auth.identity WHERE email = $1 AND email_verified',
      [subject.email],
    );
    return rows[0]?.id;
  }

  async function membershipsOf(identityId: string, after: string, take: number): Promise<Member[]> {
    return database.inIdentity(identityId, undefined, (tx) =>
      tx.member.findMany({
        where: { identityId, state: 'active', tenantId: { gt: after } },
        orderBy: { tenantId: 'asc' },
        take,
      }),
    );
  }

  /** Tells the tenants after the last that was told; the last of these, or undefined when there are no more. */
  async function tellNext(event: QueuedEvent): Promise<string | undefined> {
    const members = await membershipsOf(event.identityId, event.afterTenantId, mostAtOnce);
    for (const member of members) {
      await database.inTenant(member.tenantId, async (tx) => {
        // Told already, when a process ended between this and what it noted of its progress.
        if (!(await isTold(tx, member.tenantId, event))) await tell(tx, member, event);
      });
    }
    return members.length < mostAtOnce ? undefined : members.at(-1)?.tenantId;
  }

  return {
    async note(action, subject, req, { by, after } = {}) {
      const identityId = await identityOf(subject);
      if (identityId === undefined) return;
      const actor = by === 'unknown' ? nobody : (by ?? null);
      const event = { identityId, action, requestId: req.id, actor, from: originOf(req), after: after ?? null };
      const members = await membershipsOf(identityId, '', mostAtOnce + 1);
      const [first, isMore] = [members.slice(0, mostAtOnce), members.length > mostAtOnce];
      if (isMore) await queue.put({ ...event, afterTenantId: first.at(-1)?.tenantId ?? '' });
      for (const member of first) await database.inTenant(member.tenantId, (tx) => tell(tx, member, event));
      if (isMore) queue.work();
    },
    async close() {
      clearInterval(timer);
      await queue.close();
    },
  };
}

type Told = Omit<QueuedEvent, 'afterTenantId'>;

async function tell(
  tx: Tx,
  member: Member,
  { identityId, action, requestId, actor, from, after }: Told,
): Promise<void> {
  const { tenantId, id, email, name, role } = member;
  const person = { kind: 'member', id: identityId, name, email, role, tokenId: null } as const;
  const about = { object: 'member', id, name: email, environmentId: null } as const;
  const content: AuditContent = {
    actor: actor ?? person,
    from,
    changes: [{ ...about, change: 'none', before: null, after }],
    omittedChanges: 0,
  };
  await appendEntry(tx, tenantId, { action, requestId, content });
}

async function isTold(tx: Tx, tenantId: string, { requestId, action }: Told): Promise<boolean> {
  return (await tx.auditEntry.findFirst({ where: { tenantId, requestId, action }, select: { id: true } })) !== null;
}
