// What the feed says of an object: always its whole state, so that the newest change of each object makes a snapshot.
import {
  routeKey,
  type Change,
  type CredentialChange,
  type Lane,
  type SubscriptionChange,
  type WeightsChange,
} from '@sluice/contracts';
import type { Credential, Plan, Subscription } from '@sluice/prisma';

export function subscriptionChange(subscription: Subscription, plan: Pick<Plan, 'name'>): SubscriptionChange {
  const { id, applicationId, state, revision, startedAt, planChanges } = subscription;
  const start = startedAt === null ? {} : { startedAt: startedAt.getTime() };
  const moves = planChanges === 0 ? {} : { planChanges };
  return { kind: 'subscription', id, applicationId, plan: plan.name, state, revision, ...start, ...moves };
}

/** What most keys have none of is left out: there may be a hundred thousand of them. */
export function credentialChange(credential: Credential): CredentialChange {
  const { id, subscriptionId, hash, state, expiresAt, scopes, isTry } = credential;
  return {
    kind: 'credential',
    id,
    subscriptionId,
    hash,
    state,
    ...(expiresAt === null ? {} : { expiresAt: expiresAt.getTime() }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(isTry ? { isTry } : {}),
  };
}

export function weightsChange(
  api: string,
  route: string,
  version: number,
  weights: Readonly<Record<string, number>>,
): WeightsChange {
  return { kind: 'weights', route: routeKey(api, route), version, weights };
}

/** 1: what takes something away, and weights. 2: credentials, subscriptions and secrets. 3: revisions. */
export function laneOf(change: Change): Lane {
  switch (change.kind) {
    case 'weights':
      return 1;
    case 'credential':
      return change.state === 'revoked' ? 1 : 2;
    case 'subscription':
      return change.state === 'suspended' || change.state === 'cancelled' ? 1 : 2;
    case 'secret':
      return 2;
    case 'environment':
      return 3;
    default:
      return assertNever(change);
  }
}

/** Names the object that a change is the state of. */
export function objectKeyOf(environmentId: string, change: Change): string {
  switch (change.kind) {
    case 'environment':
      return environmentKey(environmentId);
    case 'weights':
      return `weights:${environmentId}:${change.route}`;
    case 'secret':
      return `secret:${environmentId}:${change.name}`;
    case 'subscription':
    case 'credential':
      return `${change.kind}:${change.id}`;
    default:
      return assertNever(change);
  }
}

function assertNever(change: never): never {
  throw new Error(`the feed does not know the change ${JSON.stringify(change)}`);
}

export function environmentKey(environmentId: string): string {
  return `environment:${environmentId}`;
}
