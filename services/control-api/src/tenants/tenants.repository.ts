// The tenants' rows.
import type { Tenant, Tx } from '@sluice/prisma';

export const tenantsRepository = {
  async create(tenantId: string, tx: Tx, { slug, title }: { slug: string; title: string }): Promise<Tenant> {
    return tx.tenant.create({ data: { id: tenantId, slug, title } });
  },

  async find(tenantId: string, tx: Tx): Promise<Tenant | null> {
    return tx.tenant.findUnique({ where: { id: tenantId } });
  },

  async rename(tenantId: string, tx: Tx, title: string): Promise<Tenant> {
    return tx.tenant.update({ where: { id: tenantId }, data: { title } });
  },
};
