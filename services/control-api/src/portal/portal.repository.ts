// A developer's own things, as the portal shows them. Every query names the developer beside the tenant.
import type { Credential, Prisma, Subscription, Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';

const whole = {
  subscriptions: {
    orderBy: { id: 'asc' },
    include: {
      plan: { select: { name: true, apis: true, limits: true } },
      credentials: { where: { isTry: false }, orderBy: { id: 'asc' } },
    },
  },
} as const satisfies Prisma.ApplicationInclude;

export type OwnApplication = Prisma.ApplicationGetPayload<{ include: typeof whole }>;
export type OwnSubscription = OwnApplication['subscriptions'][number];

export interface Owner {
  readonly developerId: string;
  readonly environmentId: string;
}

export const portalRepository = {
  async list(tenantId: string, tx: Tx, owner: Owner, { after, take }: PageRequest): Promise<OwnApplication[]> {
    return tx.application.findMany({
      where: { tenantId, ...owner, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
      include: whole,
    });
  },

  async find(tenantId: string, tx: Tx, owner: Owner, id: string): Promise<OwnApplication | null> {
    return tx.application.findUnique({ where: { tenantId_id: { tenantId, id }, ...owner }, include: whole });
  },

  /** The newest application with a subscription on this plan that still counts. */
  async onPlan(tenantId: string, tx: Tx, owner: Owner, planName: string): Promise<OwnApplication | null> {
    const subscriptions = { some: { plan: { name: planName }, state: { not: 'cancelled' as const } } };
    return tx.application.findFirst({
      where: { tenantId, ...owner, subscriptions },
      orderBy: { id: 'desc' },
      include: whole,
    });
  },

  async findSubscription(
    tenantId: string,
    tx: Tx,
    owner: Owner,
    id: string,
  ): Promise<(Subscription & { credentials: Pick<Credential, 'id' | 'state' | 'expiresAt'>[] }) | null> {
    return tx.subscription.findUnique({
      where: { tenantId_id: { tenantId, id }, application: owner },
      include: { credentials: { where: { isTry: false }, select: { id: true, state: true, expiresAt: true } } },
    });
  },

  async findCredential(tenantId: string, tx: Tx, owner: Owner, id: string): Promise<Credential | null> {
    return tx.credential.findUnique({
      where: { tenantId_id: { tenantId, id }, isTry: false, subscription: { application: owner } },
    });
  },
};
