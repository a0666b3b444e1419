// A tenant as its members and the operator are told of it.
import type { Tenant, TenantDeletion } from '@sluice/contracts';
import type { Tenant as TenantRow } from '@sluice/prisma';

export function tenantAnswer(row: TenantRow): Tenant {
  const { id, slug, title, createdAt } = row;
  return { id, slug, title, createdAt: createdAt.toISOString(), deletion: deletionOf(row) };
}

export function deletionOf({ deletedAt, purgeAt }: TenantRow): TenantDeletion | null {
  if (deletedAt === null || purgeAt === null) return null;
  return { deletedAt: deletedAt.toISOString(), purgeAt: purgeAt.toISOString() };
}
