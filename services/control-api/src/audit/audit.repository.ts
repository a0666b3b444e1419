// The rows of a tenant's audit log. They are written by append-entry.ts alone.
import type { AuditQuery } from '@sluice/contracts';
import type { AuditEntry, Prisma, Tx } from '@sluice/prisma';
import type { Link } from './chain.js';

type AuditFilter = Pick<AuditQuery, 'actor' | 'action' | 'object' | 'requestId' | 'from' | 'to'>;

export const auditRepository = {
  /** Newest first, those before the number `before`. */
  async search(
    tenantId: string,
    tx: Tx,
    filter: AuditFilter,
    before: bigint | undefined,
    take: number,
  ): Promise<AuditEntry[]> {
    return tx.auditEntry.findMany({
      where: { tenantId, ...conditions(filter), ...(before === undefined ? {} : { seq: { lt: before } }) },
      orderBy: { seq: 'desc' },
      take,
    });
  },

  async seqOf(tenantId: string, tx: Tx, id: string): Promise<bigint | undefined> {
    const row = await tx.auditEntry.findUnique({ where: { tenantId_id: { tenantId, id } }, select: { seq: true } });
    return row?.seq;
  },

  /** Oldest first, those after the number `after`. */
  async following(tenantId: string, tx: Tx, after: bigint, take: number): Promise<AuditEntry[]> {
    return tx.auditEntry.findMany({ where: { tenantId, seq: { gt: after } }, orderBy: { seq: 'asc' }, take });
  },

  /** The newest entry as the database noted it beside the log; undefined when none was ever written. */
  async head(_tenantId: string, tx: Tx): Promise<Link | undefined> {
    const [head] = await tx.$queryRaw<Link[]>`SELECT seq, hash FROM sluice.audit_head()`;
    return head;
  },
};

function conditions({ actor, action, object, requestId, from, to }: AuditFilter): Prisma.AuditEntryWhereInput {
  return {
    ...(actor === undefined ? {} : { actorId: actor }),
    ...(action === undefined ? {} : { action }),
    ...(object === undefined ? {} : { objects: { has: object } }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(from === undefined && to === undefined
      ? {}
      : { at: { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) } }),
  };
}
