// The rows of a tenant's members and invitations.
import { newId, type Role } from '@sluice/contracts';
import type { Member, Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';

interface NewMember {
  readonly identityId: string | null;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly state: 'invited' | 'active';
}

export const membersRepository = {
  async create(tenantId: string, tx: Tx, member: NewMember): Promise<Member> {
    return tx.member.create({ data: { id: newId('member'), tenantId, ...member, email: member.email.toLowerCase() } });
  },

  async list(tenantId: string, tx: Tx, { after, take }: PageRequest): Promise<Member[]> {
    return tx.member.findMany({
      where: { tenantId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  },

  async find(tenantId: string, tx: Tx, memberId: string): Promise<Member | null> {
    return tx.member.findUnique({ where: { tenantId_id: { tenantId, id: memberId } } });
  },

  async findByEmail(tenantId: string, tx: Tx, email: string): Promise<Member | null> {
    return tx.member.findUnique({ where: { tenantId_email: { tenantId, email: email.toLowerCase() } } });
  },

  async setRole(tenantId: string, tx: Tx, memberId: string, role: Role): Promise<Member> {
    return tx.member.update({ where: { tenantId_id: { tenantId, id: memberId } }, data: { role } });
  },

  async remove(tenantId: string, tx: Tx, memberId: string): Promise<void> {
    await tx.member.delete({ where: { tenantId_id: { tenantId, id: memberId } } });
  },

  /** The owners, locked: two owners who leave at the same moment must see each other. */
  async lockOwners(tenantId: string, tx: Tx): Promise<string[]> {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM sluice.members WHERE tenant_id = ${tenantId} AND role = 'owner' AND state = 'active' ORDER BY id FOR UPDATE`;
    return rows.map(({ id }) => id);
  },
};
