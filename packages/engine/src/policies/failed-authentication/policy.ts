// Stops addresses that keep guessing. Each refused credential counts, a missing one does not; once an address has used up
// its failures, it is refused before any credential of its is looked at, right ones too.
import { compileLimits } from '../../compile-limits.js';
import type { CompiledLimit } from '../../limits.js';
import { limitRef } from '../../limits.js';
import { rulePolicy } from '../../policy.js';
import { byAddress } from '../rate-limit/counted-for.js';
import type { FailedAuthenticationSettings } from './schema.js';
import { failedAuthenticationSchema } from './schema.js';

interface CompiledFailures {
  readonly base: string;
  readonly limits: readonly CompiledLimit[];
}

export const failedAuthentication = rulePolicy<FailedAuthenticationSettings, CompiledFailures>({
  name: 'failed-authentication',
  summary: 'Limits how many wrong credentials an address may send, and so how often it may guess.',
  schema: failedAuthenticationSchema,
  stage: 'shield',
  compile: ({ limits }, { environmentId, owner, report }) => ({
    base: `${environmentId}/${owner}/failed:`,
    limits: compileLimits(limits, (index) =>
      report(['limits', index], 'two limits of the same kind and time', 'keep one of them'),
    ).toSorted((left, right) => (left.name < right.name ? -1 : 1)),
  }),
  decide: ({ base, limits }, progress) => {
    const scope = base + byAddress(progress);
    for (const limit of limits) {
      const ref = limitRef(limit, scope, progress.compiled.revision, undefined);
      progress.due.push({ charge: { limit: ref, cost: 1 }, spend: progress.spendOnFailure });
    }
    return undefined;
  },
});
