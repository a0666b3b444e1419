// The rows of applications' subscriptions.
import { newId, type SubscriptionState } from '@sluice/contracts';
import type { Subscription, Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';

export type SubscriptionRow = Subscription & { plan: { name: string } };

const withPlan = { plan: { select: { name: true } } } as const;

interface NewSubscription {
  readonly applicationId: string;
  readonly planId: string;
  readonly revision: number;
  readonly state: SubscriptionState;
  readonly startedAt: Date | null;
}

interface ChangedSubscription {
  readonly state: SubscriptionState;
  readonly startedAt: Date | null;
  readonly planId?: string;
  readonly planChanges?: number;
  readonly revision?: number;
}

export const subscriptionsRepository = {
  async list(
    tenantId: string,
    tx: Tx,
    applicationId: string,
    { after, take }: PageRequest,
  ): Promise<SubscriptionRow[]> {
    return tx.subscription.findMany({
      where: { tenantId, applicationId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
      include: withPlan,
    });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, id: string): Promise<SubscriptionRow | null> {
    return tx.subscription.findUnique({ where: { tenantId_id: { tenantId, id }, environmentId }, include: withPlan });
  },

  async create(
    tenantId: string,
    tx: Tx,
    environmentId: string,
    subscription: NewSubscription,
  ): Promise<SubscriptionRow> {
    return tx.subscription.create({
      data: {
        id: newId('subscription'),
        tenantId,
        environmentId,
        ...subscription,
      },
      include: withPlan,
    });
  },

  async change(tenantId: string, tx: Tx, id: string, change: ChangedSubscription): Promise<SubscriptionRow> {
    return tx.subscription.update({ where: { tenantId_id: { tenantId, id } }, data: change, include: withPlan });
  },

  /** With its credentials. */
  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.subscription.delete({ where: { tenantId_id: { tenantId, id } } });
  },
};
