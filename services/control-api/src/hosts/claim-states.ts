// What becomes of a claim when its record was looked for: states and transitions in one table. A host goes on being served for
// days after its record was last found, because records get lost by mistake, and name servers that do not answer end nothing.
import type { HostClaimProblem, HostClaimState } from '@sluice/contracts';

/** `held`: it was found, but another environment of the fleet has proven the host before. `gone`: absent for too long. */
export type Event = 'found' | 'held' | 'absent' | 'gone' | 'unanswered';

const transitions: Readonly<Record<HostClaimState, Readonly<Record<Event, HostClaimState>>>> = {
  pending: { found: 'proven', held: 'pending', absent: 'pending', gone: 'pending', unanswered: 'pending' },
  proven: { found: 'proven', held: 'proven', absent: 'failing', gone: 'failing', unanswered: 'proven' },
  failing: { found: 'proven', held: 'failing', absent: 'failing', gone: 'lapsed', unanswered: 'failing' },
  lapsed: { found: 'proven', held: 'lapsed', absent: 'lapsed', gone: 'lapsed', unanswered: 'lapsed' },
};

/** What a look at the DNS came to. */
export type Look =
  | { readonly found: true; readonly isHeld: boolean }
  | { readonly found: false; readonly problem: Exclude<HostClaimProblem, 'held'> };

/** The columns of a claim that change. */
export interface Standing {
  readonly state: HostClaimState;
  readonly problem: string | null;
  readonly misses: number;
  readonly provenAt: Date | null;
  readonly failingSince: Date | null;
  readonly checkedAt: Date | null;
  readonly nextCheckAt: Date | null;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A failing claim lapses when its record has been missing for so long, and was looked for in vain so often. */
export const graceMs = 3 * dayMs;
export const leastMisses = 4;

const recheckMs = { proven: dayMs, failing: 6 * hourMs, unanswered: hourMs } as const;
// An early look makes resolvers remember that there is nothing, for as long as the zone says: the first leaves time to set it.
const firstLookMs = 5 * minuteMs;
const longestPendingMs = 6 * hourMs;
/** What is never proven, or was given up, is looked for so long without being asked. */
const givenUpMs = 7 * dayMs;

/** A host is held, and served, by whoever has proven it. */
export function isHeldIn(state: HostClaimState): state is 'proven' | 'failing' {
  return state === 'proven' || state === 'failing';
}

export function newStanding(now: Date): Standing {
  const nextCheckAt = new Date(now.getTime() + firstLookMs);
  const nothing = { problem: null, provenAt: null, failingSince: null, checkedAt: null };
  return { state: 'pending', misses: 0, ...nothing, nextCheckAt };
}

/** @param madeAt when it was claimed. */
export function afterLook(claim: Standing, madeAt: Date, look: Look, now: Date): Standing {
  const event = eventOf(claim, look, now);
  const state = transitions[claim.state][event];
  const isAbsent = event === 'absent' || event === 'gone';
  const failingSince =
    event === 'found' ? null : state === 'failing' && claim.state === 'proven' ? now : claim.failingSince;
  return {
    state,
    problem: look.found ? (look.isHeld ? 'held' : null) : look.problem,
    misses: event === 'found' ? 0 : claim.misses + (isAbsent && isHeldIn(state) ? 1 : 0),
    provenAt: state === 'proven' && !isHeldIn(claim.state) ? now : claim.provenAt,
    failingSince,
    checkedAt: now,
    nextCheckAt: nextLook(state, event, failingSince ?? madeAt, now),
  };
}

function eventOf({ failingSince, misses }: Standing, look: Look, now: Date): Event {
  if (look.found) return look.isHeld ? 'held' : 'found';
  if (look.problem === 'unanswered') return 'unanswered';
  const isOver = failingSince !== null && now.getTime() - failingSince.getTime() >= graceMs;
  return isOver && misses + 1 >= leastMisses ? 'gone' : 'absent';
}

function nextLook(state: HostClaimState, event: Event, since: Date, now: Date): Date | null {
  const at = (ms: number): Date => new Date(now.getTime() + ms);
  if (isHeldIn(state)) return at(event === 'unanswered' ? recheckMs.unanswered : recheckMs[state]);
  const ageMs = now.getTime() - since.getTime();
  if (ageMs > givenUpMs + graceMs || (state === 'pending' && ageMs > givenUpMs)) return null;
  return at(Math.min(longestPendingMs, Math.max(firstLookMs, ageMs / 2)));
}
