// A route's or an API's own limits, beside those of plans. What counts by address, route, API or tenant is checked before
// identity and counts every request; the rest is checked together with the plan's, and counts what goes upstream.
import { compileLimits } from '../../compile-limits.js';
import type { CompiledLimit } from '../../limits.js';
import { limitRef } from '../../limits.js';
import { owe } from '../../owe.js';
import type { CompileContext } from '../../policy.js';
import { rulePolicy } from '../../policy.js';
import type { Progress } from '../../progress.js';
import type { CallerScope } from './counted-for.js';
import { countedFor } from './counted-for.js';
import type { RateLimitSettings, Scope } from './schema.js';
import { rateLimitSchema } from './schema.js';
import { isContradicted, sharedAs } from './shared-limits.js';

interface ScopedLimit {
  readonly limit: CompiledLimit;
  /** What all that it counts has in common: begins with the environment, because names repeat between tenants. */
  readonly base: string;
  /** Undefined: it counts all of `base` together. */
  readonly caller: CallerScope | undefined;
}

interface CompiledRateLimit {
  readonly shield: readonly ScopedLimit[];
  readonly limit: readonly ScopedLimit[];
}

export const rateLimit = rulePolicy<RateLimitSettings, CompiledRateLimit>({
  name: 'rate-limit',
  summary:
    'Limits how many requests go through: by who calls, by address, or of a route, an API or a tenant as a whole.',
  schema: rateLimitSchema,
  stage: ['shield', 'limit'],
  compile: (settings, context) => {
    reportUnusable(settings, context);
    const byScope = Map.groupBy(settings.limits.keys(), (index) => settings.limits[index]?.scope ?? 'subscription');
    const all = [...byScope]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .flatMap(([scope, indexes]) => compileScope(scope, indexes, settings, context));
    return {
      shield: all.filter(({ caller }) => caller === undefined || caller === 'ip'),
      limit: all.filter(({ caller }) => caller !== undefined && caller !== 'ip'),
    };
  },
  decide: (compiled, progress, stage) => {
    const spend = stage === 'shield' ? progress.spendAlways : progress.spendOnForward;
    for (const one of stage === 'shield' ? compiled.shield : compiled.limit) oweScoped(one, progress, spend);
    return undefined;
  },
});

function oweScoped({ limit, base, caller }: ScopedLimit, progress: Progress, spend: Progress['spendAlways']): void {
  const { account, facts, compiled } = progress;
  const scope = caller === undefined ? base : `${base}/${countedFor(caller, progress)}`;
  const isAnchored = limit.kind === 'quota' && limit.isAnchored && account.subscriptionId !== '';
  const startedAt = isAnchored ? facts.subscription(account.subscriptionId)?.startedAt : undefined;
  owe(progress, limitRef(limit, scope, compiled.revision, startedAt), spend);
}

function compileScope(
  scope: Scope,
  indexes: readonly number[],
  settings: RateLimitSettings,
  { report, ...context }: CompileContext,
): ScopedLimit[] {
  const limits = indexes.flatMap((index) => settings.limits[index] ?? []);
  const compiled = compileLimits(limits, (index) =>
    report(
      ['limits', indexes[index] ?? 0],
      'two limits of the same scope, kind and time',
      'keep one of them, or give each a name of its own',
    ),
  );
  const isWhole = scope === 'route' || scope === 'api' || scope === 'tenant';
  const base = baseOf(scope, settings, context);
  return compiled
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .map((limit) => ({ limit, base, caller: isWhole ? undefined : scope }));
}

function baseOf(
  scope: Scope,
  { zone }: RateLimitSettings,
  { environmentId, api, routeKey: key, owner }: Omit<CompileContext, 'report'>,
): string {
  switch (scope) {
    case 'route':
      return `${environmentId}/${key}`;
    case 'api':
      return `${environmentId}/${api}`;
    case 'tenant':
      return `${environmentId}/tenant:`;
    default:
      // No name holds a colon.
      return `${environmentId}/${zone === undefined ? owner : `zone:${zone}`}`;
  }
}

function reportUnusable(settings: RateLimitSettings, { document, api, report }: CompileContext): void {
  settings.limits.forEach((limit, index) => {
    if (limit.anchor === 'subscription' && limit.scope !== 'subscription')
      report(
        ['limits', index, 'anchor'],
        `${limit.scope} has no beginning that periods could be counted from`,
        'leave anchor out, or write scope: subscription',
      );
    const shared = sharedAs(limit, settings, api);
    if (shared !== undefined && isContradicted(document, shared))
      report(
        ['limits', index],
        `another rate-limit counts together with this one (${shared}) and says otherwise`,
        'write both alike, or give one a name of its own',
      );
  });
}
