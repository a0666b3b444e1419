// A claim in words: what it is, and what to do next.
import type { Environment, HostClaim } from '@sluice/contracts';
import type { Tone } from '@/features/ui/status-badge';

export const tones: Readonly<Record<HostClaim['state'], Tone>> = {
  pending: 'info',
  proven: 'ok',
  failing: 'warn',
  lapsed: 'bad',
};

/** What to do about it; null when there is nothing to do. */
export function nextStep({ state, problem }: HostClaim): string | null {
  if (problem === 'held')
    return 'The record is there, but another environment of this platform has proven the host before and still has it. It has to release it first; if you do not know who that is, ask the operator of the platform.';
  if (problem === 'unanswered')
    return 'The name servers of the domain did not answer. That ends nothing; it is tried again.';
  if (state === 'proven') return null;
  const seen =
    problem === 'different'
      ? 'A record of this name is there, with another value. '
      : problem === 'missing' && state === 'pending'
        ? 'No record of this name was found. One that was set just now can take an hour to be seen. '
        : '';
  if (state === 'failing')
    return `${seen}The record is not found any more. Set it again: the host is served until the claim lapses.`;
  if (state === 'lapsed')
    return `${seen}The record was missing for days, so nothing is served here. Set it again, then verify.`;
  return `${seen}Set this record where the DNS of the domain is kept, then verify. Leave it there afterwards.`;
}

/** What a look has shown, in passing. */
export function outcomeOf({ host, problem, isServed }: HostClaim): string {
  if (problem === null) return `${host} is proven.`;
  return isServed ? `${host} could not be proven anew, and is served still.` : `${host} is not proven yet.`;
}

/** The environment's hosts without those that it holds by a claim. */
export function givenHosts(
  { hosts }: Pick<Environment, 'hosts'>,
  claims: readonly Pick<HostClaim, 'host'>[],
): string[] {
  return hosts.filter((host) => claims.every((claim) => claim.host !== host));
}
