// What several proofs of one caller say together: whom the first of them names, and all scopes, groups and claims.
import type { Identity } from './decision.js';
import type { Proof } from './policy.js';
import type { Progress } from './progress.js';

/** Refused when they belong to different subscriptions: whose limits should count? At least one of them. */
export function mergeIdentities(identities: readonly Identity[], { reasons }: Progress): Proof {
  const named = identities.find(({ subject }) => subject !== '');
  const subscribed = identities.find(({ subscriptionId }) => subscriptionId !== '');
  const others = new Set(identities.map(({ subscriptionId }) => subscriptionId));
  others.delete('');
  if (others.size > 1) {
    reasons.push({ code: 'credentials_disagree' });
    return {
      kind: 'refused',
      code: 'credentials_disagree',
      detail: 'The credentials of this request belong to different subscriptions. Send those of one.',
      challenges: [],
    };
  }
  return {
    kind: 'proven',
    identity: {
      by: identities.map(({ by }) => by).join('+'),
      subject: named?.subject ?? '',
      issuer: named?.issuer ?? '',
      credentialId: subscribed?.credentialId ?? '',
      subscriptionId: subscribed?.subscriptionId ?? '',
      scopes: united(identities.map(({ scopes }) => scopes)),
      groups: united(identities.map(({ groups }) => groups)),
      claims: Object.fromEntries(identities.toReversed().flatMap(({ claims }) => Object.entries(claims))),
    },
  };
}

function united(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}
