// What a subscription may become, and by whom. Whatever is not in the table is refused; nothing else decides on a state.
//
// A consumer only subscribes. To cancel and subscribe again would begin a new quota, and to cancel while suspended would be
// the way around the suspension: both stay with the provider.
import type { SubscriptionState } from '@sluice/contracts';
import { stateConflict } from '../http/refusal.js';

/** `provider`: a member of the tenant whose role permits it. `consumer`: the developer whose application it is. */
export type Actor = 'provider' | 'consumer';

const transitions = {
  /** There is none yet. */
  none: { pending: ['provider'], active: ['provider', 'consumer'] },
  pending: { active: ['provider'], cancelled: ['provider'] },
  active: { suspended: ['provider'], cancelled: ['provider'] },
  suspended: { active: ['provider'], cancelled: ['provider'] },
  cancelled: {},
} as const satisfies Readonly<
  Record<SubscriptionState | 'none', Readonly<Partial<Record<SubscriptionState, readonly Actor[]>>>>
>;

interface Standing {
  readonly state: SubscriptionState;
  readonly startedAt: Date | null;
}

/** The state that a subscription is stored with. To stay what it is takes no permission. Throws where the table says no. */
export function stateAfter(from: Standing | undefined, to: SubscriptionState, by: Actor, now = new Date()): Standing {
  if (from?.state === to) return { state: to, startedAt: from.startedAt };
  if (!mayBecome(from?.state ?? 'none', to, by)) throw stateConflict(refusalOf(from?.state ?? 'none', to, by));
  // Once: suspending and resuming begins no new period of its quotas.
  return { state: to, startedAt: to === 'active' ? (from?.startedAt ?? now) : (from?.startedAt ?? null) };
}

export function mayBecome(from: SubscriptionState | 'none', to: SubscriptionState, by: Actor): boolean {
  const row: Readonly<Partial<Record<SubscriptionState, readonly Actor[]>>> = transitions[from];
  return row[to]?.includes(by) ?? false;
}

function refusalOf(from: SubscriptionState | 'none', to: SubscriptionState, by: Actor): string {
  if (from === 'cancelled') return 'This subscription was cancelled, and stays so. Make a new one.';
  const open = Object.entries(transitions[from])
    .filter(([, actors]) => (actors as readonly Actor[]).includes(by))
    .map(([state]) => state);
  const next = open.length === 0 ? 'Ask the provider to change it' : `From there you can make it ${open.join(' or ')}`;
  return from === 'none'
    ? `A new subscription cannot be ${to}. Make it ${open.join(' or ')}.`
    : `This subscription is ${from}, and cannot become ${to}. ${next}.`;
}
