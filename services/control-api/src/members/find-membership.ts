// The membership that a person has in a tenant. An invitation to an address that the person has proven becomes a membership
// the first time that it is looked for.
import type { Role } from '@sluice/contracts';
import type { Database, Tx } from '@sluice/prisma';
import type { TokenInUse } from '../access-tokens/token-scope.js';
import type { Caller } from '../identity/session.js';

export interface Membership {
  readonly tenantId: string;
  readonly memberId: string;
  readonly role: Role;
  /** The tenant is, by the operator. */
  readonly isSuspended: boolean;
  /** The tenant is deleted, and gone for good from then on. */
  readonly purgeAt: Date | null;
}

export async function findMembership(
  database: Database,
  caller: Caller,
  tenantSlug: string,
): Promise<Membership | undefined> {
  const member = await database.memberOf(caller.identityId, tenantSlug);
  if (member !== undefined)
    return { tenantId: member.tenantId, memberId: member.id, role: member.role, isSuspended: false, purgeAt: null };
  return database.inIdentity(caller.identityId, caller.email, async (tx) => {
    const found = await activeMembership(tx, caller.identityId, tenantSlug);
    if (found !== undefined) return found;
    // Also when there was none left: another request of the same person may have claimed it since we looked.
    await claimInvitations(tx, caller, tenantSlug);
    return activeMembership(tx, caller.identityId, tenantSlug);
  });
}

/** A token that was made for one tenant shows no other. */
export function withinToken(token: TokenInUse | undefined): { tenant?: { id: string } } {
  const id = token?.scope.tenantId ?? null;
  return id === null ? {} : { tenant: { id } };
}

/** Anybody may invite anybody, as often as they make tenants: claiming all at once could take longer than a request has. */
const mostClaimed = 50;

/** The oldest ones first. @param tenantSlug that of this tenant alone. */
export async function claimInvitations(
  tx: Tx,
  { identityId, email, name }: Caller,
  tenantSlug?: string,
): Promise<void> {
  const invited = await tx.member.findMany({
    where: {
      email: email.toLowerCase(),
      state: 'invited',
      identityId: null,
      ...(tenantSlug === undefined ? {} : { tenant: { slug: tenantSlug } }),
    },
    orderBy: { id: 'asc' },
    take: mostClaimed,
    select: { id: true, tenantId: true },
  });
  for (const { id, tenantId } of invited) {
    // None is changed when another request of the same person was faster: the membership is there all the same.
    await tx.member.updateMany({ where: { tenantId, id }, data: { identityId, name, state: 'active' } });
  }
}

async function activeMembership(tx: Tx, identityId: string, slug: string): Promise<Membership | undefined> {
  const member = await tx.member.findFirst({
    where: { identityId, state: 'active', tenant: { slug } },
    select: { id: true, tenantId: true, role: true, tenant: { select: { suspendedAt: true, purgeAt: true } } },
  });
  if (member === null) return undefined;
  const { tenantId, id: memberId, role, tenant } = member;
  return { tenantId, memberId, role, isSuspended: tenant.suspendedAt !== null, purgeAt: tenant.purgeAt };
}
