// Subscriptions: an application on a plan. Every change is on its way to the gateways when it has been answered.
import { Inject, Injectable } from '@nestjs/common';
import type { Page, Subscription, SubscriptionState } from '@sluice/contracts';
import type { Database, Environment, Plan, Tx } from '@sluice/prisma';
import { findApplication } from '../applications/applications.service.js';
import { findEnvironment } from '../environments/find-environment.js';
import { appendToFeed } from '../fleet/append-to-feed.js';
import { subscriptionChange } from '../fleet/changes.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { invalidField, notFound, stateConflict } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { leastRevisionKnowing } from '../publish/least-revision.js';
import { databaseToken } from '../tokens.js';
import { endSubscriptions } from './end-subscriptions.js';
import { subscriptionsRepository, type SubscriptionRow } from './subscriptions.repository.js';
import { stateAfter, type Actor } from './transitions.js';

@Injectable()
export class SubscriptionsService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async list(
    { tenantId }: Access,
    environmentName: string,
    applicationId: string,
    query: PageQuery,
  ): Promise<Page<Subscription>> {
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      const application = await findApplication(tenantId, tx, environmentName, applicationId);
      return subscriptionsRepository.list(tenantId, tx, application.id, pageRequest(query));
    });
    return toPage(rows, query, subscriptionAnswer);
  }

  async create(
    { tenantId, caller }: Access,
    environmentName: string,
    applicationId: string,
    { plan: planName, state }: { plan: string; state: SubscriptionState },
    idempotency: Idempotency | undefined,
  ): Promise<Subscription> {
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: false },
      async (tx) => {
        const environment = await findEnvironment(tenantId, tx, environmentName);
        const application = await findApplication(tenantId, tx, environmentName, applicationId);
        return subscriptionAnswer(
          await subscribe(tenantId, tx, environment, application.id, planName, { by: 'provider', state }),
        );
      },
    );
  }

  async read({ tenantId }: Access, environmentName: string, subscriptionId: string): Promise<Tagged<Subscription>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { row } = await findSubscription(tenantId, tx, environmentName, subscriptionId);
      return tagged(row, subscriptionAnswer(row));
    });
  }

  async change(
    { tenantId }: Access,
    environmentName: string,
    subscriptionId: string,
    change: { plan?: string | undefined; state?: SubscriptionState | undefined },
    ifMatch: string | undefined,
  ): Promise<Tagged<Subscription>> {
    return this.database.inTenant(tenantId, async (tx) => {
      if (change.plan !== undefined) {
        const { row: moving } = await findSubscription(tenantId, tx, environmentName, subscriptionId);
        await lockApplication(tenantId, tx, moving.applicationId);
      }
      await lockSubscription(tenantId, tx, subscriptionId);
      const { row, environment } = await findSubscription(tenantId, tx, environmentName, subscriptionId);
      await expectMatch(tx, 'subscriptions', ifMatch, row);
      const standing = stateAfter(row, change.state ?? row.state, 'provider');
      if (row.state === 'cancelled' && change.plan !== undefined)
        throw stateConflict('This subscription was cancelled, and stays as it was. Make a new one on the other plan.');
      const plan =
        change.plan === undefined ? undefined : await findPlanForBody(tenantId, tx, environment, change.plan);
      if (plan !== undefined) await expectOnlyOne(tenantId, tx, row.applicationId, plan, row.id);
      const changed = await subscriptionsRepository.change(tenantId, tx, row.id, {
        ...standing,
        ...(plan === undefined
          ? {}
          : {
              planId: plan.id,
              planChanges: row.planChanges + (plan.id === row.planId ? 0 : 1),
              revision: await leastRevisionKnowing(tenantId, tx, environment, plan.name),
            }),
      });
      await appendToFeed(tx, environment.fleetId, tenantId, environment.id, [
        subscriptionChange(changed, changed.plan),
      ]);
      return tagged(changed, subscriptionAnswer(changed));
    });
  }

  async remove(
    { tenantId }: Access,
    environmentName: string,
    subscriptionId: string,
    ifMatch: string | undefined,
  ): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      const { row, environment } = await findSubscription(tenantId, tx, environmentName, subscriptionId);
      await expectMatch(tx, 'subscriptions', ifMatch, row);
      await endSubscriptions(tenantId, tx, environment, { id: row.id });
    });
  }
}

/** A new subscription, announced to the gateways. */
export async function subscribe(
  tenantId: string,
  tx: Tx,
  environment: Environment,
  applicationId: string,
  planName: string,
  { by, state }: { by: Actor; state: SubscriptionState },
): Promise<SubscriptionRow> {
  const standing = stateAfter(undefined, state, by);
  await lockApplication(tenantId, tx, applicationId);
  const plan = await findPlanForBody(tenantId, tx, environment, planName);
  await expectOnlyOne(tenantId, tx, applicationId, plan);
  const revision = await leastRevisionKnowing(tenantId, tx, environment, plan.name);
  const row = await subscriptionsRepository.create(tenantId, tx, environment.id, {
    applicationId,
    planId: plan.id,
    revision,
    ...standing,
  });
  await appendToFeed(tx, environment.fleetId, tenantId, environment.id, [subscriptionChange(row, plan)]);
  return row;
}

/** Until the transaction ends nobody else changes it, or adds a key to it; what is read afterwards stays true. */
export async function lockSubscription(tenantId: string, tx: Tx, subscriptionId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM sluice.subscriptions WHERE tenant_id = ${tenantId} AND id = ${subscriptionId} FOR UPDATE`;
}

// Ahead of the subscription's own lock, as in deleting an application: two orders would be a deadlock.
export async function lockApplication(tenantId: string, tx: Tx, applicationId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM sluice.applications WHERE tenant_id = ${tenantId} AND id = ${applicationId} FOR NO KEY UPDATE`;
}

// Limits belong to the subscription: two to one plan would buy its quota twice. A suspended one counts, or subscribing again
// would be the way around the suspension. The application is locked, so that what is counted here stays true.
async function expectOnlyOne(
  tenantId: string,
  tx: Tx,
  applicationId: string,
  { id: planId, name }: Pick<Plan, 'id' | 'name'>,
  exceptId?: string,
): Promise<void> {
  const other = await tx.subscription.findFirst({
    where: {
      tenantId,
      applicationId,
      planId,
      state: { not: 'cancelled' },
      ...(exceptId === undefined ? {} : { id: { not: exceptId } }),
    },
    select: { id: true, state: true },
  });
  if (other === null) return;
  throw stateConflict(
    `The application has a subscription to the plan "${name}" already: ${other.id}, which is ${other.state}. Use that one, or cancel it first.`,
  );
}

export async function findSubscription(
  tenantId: string,
  tx: Tx,
  environmentName: string,
  subscriptionId: string,
): Promise<{ row: SubscriptionRow; environment: Environment }> {
  const environment = await findEnvironment(tenantId, tx, environmentName);
  const row = await subscriptionsRepository.find(tenantId, tx, environment.id, subscriptionId);
  if (row === null) throw notFound('subscription with this id');
  return { row, environment };
}

// Locked against deletion: what subscribes to a plan must find it to the end.
async function findPlanForBody(
  tenantId: string,
  tx: Tx,
  { id: environmentId }: Environment,
  name: string,
): Promise<Plan> {
  await tx.$queryRaw`SELECT FROM sluice.plans WHERE tenant_id = ${tenantId} AND environment_id = ${environmentId} AND name = ${name} FOR KEY SHARE`;
  const plan = await tx.plan.findUnique({ where: { tenantId_environmentId_name: { tenantId, environmentId, name } } });
  if (plan === null) throw invalidField('/plan', `there is no plan "${name}"`, 'name a plan of this environment');
  return plan;
}

export function subscriptionAnswer({
  id,
  applicationId,
  plan,
  state,
  startedAt,
  createdAt,
}: SubscriptionRow): Subscription {
  return {
    id,
    applicationId,
    plan: plan.name,
    state,
    startedAt: startedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
