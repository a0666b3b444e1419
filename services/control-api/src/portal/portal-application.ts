// An application as its developer sees it: each subscription with its limits, what it opens, and its keys.
import type { PortalApi, PortalApplication, PortalPlan } from '@sluice/contracts';
import { credentialAnswer } from '../credentials/credential-answer.js';
import { planLimits } from '../plans/plans.service.js';
import { subscriptionAnswer } from '../subscriptions/subscriptions.service.js';
import type { OwnApplication, OwnSubscription } from './portal.repository.js';

export interface Catalogue {
  readonly apis: PortalApi[];
  readonly plans: PortalPlan[];
}

export function portalApplication(
  { id, title, createdAt, subscriptions }: OwnApplication,
  catalogue: Catalogue,
): PortalApplication {
  return {
    id,
    title,
    createdAt: createdAt.toISOString(),
    subscriptions: subscriptions.map((subscription) => portalSubscription(subscription, catalogue)),
  };
}

// The limits in force are those of the live plan; a plan that was never published shows what it is going to be.
function portalSubscription(
  subscription: OwnSubscription,
  { apis, plans }: Catalogue,
): PortalApplication['subscriptions'][number] {
  const plan = plans.find(({ name }) => name === subscription.plan.name) ?? {
    apis: subscription.plan.apis,
    limits: planLimits(subscription.plan),
  };
  return {
    ...subscriptionAnswer(subscription),
    limits: plan.limits,
    apis: apis.filter(({ name }) => plan.apis.includes(name)),
    credentials: subscription.credentials.map((credential) => credentialAnswer(credential)),
  };
}
