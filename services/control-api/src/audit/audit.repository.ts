// The rows of a tenant's audit log. They are written by append-entry.ts alone.
import type { AuditQuery } from '@sluice/contracts';
import type { AuditEntry, Prisma, Tx } from '@sluice/prisma';
import type { Link } from './chain.js';

/** With the words by which it is found. */
export type AuditRow = AuditEntry & { readonly named: readonly { readonly object: string }[] };

type AuditFilter = Pick<AuditQuery, 'actor' | 'action' | 'object' | 'requestId' | 'from' | 'to'>;

export const auditRepository = {
  /** Newest first, those before the number `before`. */
  async search(
    tenantId: string,
    tx: Tx,
    { object, ...filter }: AuditFilter,
    before: bigint | undefined,
    take: number,
  ): Promise<AuditEntry[]> {
    const own = { tenantId, ...(before === undefined ? {} : { seq: { lt: before } }) };
    const page = { orderBy: { seq: 'desc' }, take } as const;
    const rest = conditions(filter);
    if (object === undefined) return tx.auditEntry.findMany({ where: { ...own, ...rest }, ...page });
    // From the words to the entries, so that a word of few entries and one of all are both read a page at a time.
    const where = { ...own, object, ...(Object.keys(rest).length === 0 ? {} : { entry: rest }) };
    const named = await tx.auditObject.findMany({ where, ...page, include: { entry: true } });
    return named.map(({ entry }) => entry);
  },

  async seqOf(tenantId: string, tx: Tx, id: string): Promise<bigint | undefined> {
    const row = await tx.auditEntry.findUnique({ where: { tenantId_id: { tenantId, id } }, select: { seq: true } });
    return row?.seq;
  },

  /** Oldest first, those after the number `after`. */
  async following(tenantId: string, tx: Tx, after: bigint, take: number): Promise<AuditRow[]> {
    return tx.auditEntry.findMany({
      where: { tenantId, seq: { gt: after } },
      orderBy: { seq: 'asc' },
      take,
      include: { named: { select: { object: true } } },
    });
  },

  /** The newest entry as the database noted it beside the log; undefined when none was ever written. */
  async head(_tenantId: string, tx: Tx): Promise<Link | undefined> {
    const [head] = await tx.$queryRaw<Link[]>`SELECT seq, hash FROM sluice.audit_head()`;
    return head;
  },
};

function conditions({ actor, action, requestId, from, to }: Omit<AuditFilter, 'object'>): Prisma.AuditEntryWhereInput {
  return {
    ...(actor === undefined ? {} : { actorId: actor }),
    ...(action === undefined ? {} : { action }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(from === undefined && to === undefined
      ? {}
      : { at: { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) } }),
  };
}
