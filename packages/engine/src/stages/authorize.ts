// Whether the caller may call this: its subscription is active, known to this gateway in full, and covers the API.
import { runPolicies } from '../policies/run-policies.js';
import type { Stage } from '../progress.js';
import { refuse } from '../progress.js';

export const authorize: Stage = (progress) => coverage(progress) ?? runPolicies('authorize', progress);

// A caller without a subscription (a token's subject, say) is bound by no plan.
const coverage: Stage = ({ compiled, route, facts, reasons, account, answerHeaders }) => {
  if (route === undefined || account.subscriptionId === '') return undefined;
  const subscription = facts.subscription(account.subscriptionId);
  if (subscription === undefined) {
    reasons.push({ code: 'subscription_unknown', subscription: account.subscriptionId });
    answerHeaders.push(['retry-after', '1']);
    return refuse(
      'configuration_pending',
      'The subscription of this key is still on its way to this gateway. Try again in a second.',
    );
  }
  account.applicationId = subscription.applicationId;
  account.plan = subscription.plan;
  if (subscription.state !== 'active') {
    reasons.push({ code: 'subscription_inactive', subscription: subscription.id, state: subscription.state });
    return refuse('subscription_inactive', `The subscription of this key is ${subscription.state}.`);
  }
  if (subscription.revision > compiled.revision) {
    reasons.push({ code: 'revision_needed', needed: subscription.revision, present: compiled.revision });
    answerHeaders.push(['retry-after', '1']);
    return refuse(
      'configuration_pending',
      `This gateway has revision ${compiled.revision}; the subscription needs revision ${subscription.revision}. Try again in a second.`,
    );
  }
  const plan = compiled.plans.get(subscription.plan);
  if (plan === undefined) {
    reasons.push({ code: 'plan_unknown', plan: subscription.plan });
    return refuse('plan_excludes_api', `The plan ${subscription.plan} is not part of the published configuration.`);
  }
  if (!plan.apis.has(route.api)) {
    reasons.push({ code: 'plan_excludes_api', plan: plan.name, api: route.api });
    return refuse('plan_excludes_api', `The plan ${plan.name} does not include the API ${route.api}.`);
  }
  reasons.push({ code: 'plan_covers_api', plan: plan.name, subscription: subscription.id });
  return undefined;
};
