// Limits that several policies of a document count together: they must say the same, or one counter would have two ends.
import type { Document } from '@sluice/contracts';
import { canonicalJson, limitName } from '@sluice/contracts';
import { entryOf } from '../entry-of.js';
import type { RateLimitSettings, ScopedLimitSettings } from './schema.js';
import { rateLimitSchema } from './schema.js';

/** What a limit is counted under, as far as the document says. Undefined: nobody else can count there. */
export function sharedAs(limit: ScopedLimitSettings, { zone }: RateLimitSettings, api: string): string | undefined {
  const { scope } = limit;
  const name = limitName(limit);
  if (scope === 'api') return `api ${api} ${name}`;
  if (scope === 'tenant') return `tenant ${name}`;
  return zone === undefined || scope === 'route' ? undefined : `zone ${zone} ${scope} ${name}`;
}

/** True when another policy counts there too, and says otherwise. */
export function isContradicted(document: Document, shared: string): boolean {
  let known = cache.get(document);
  if (known === undefined) {
    known = termsOf(document);
    cache.set(document, known);
  }
  return (known.get(shared)?.size ?? 0) > 1;
}

// A document is compiled route by route, and never changed: reading it whole for each would cost its size squared.
const cache = new WeakMap<Document, ReadonlyMap<string, ReadonlySet<string>>>();

function termsOf(document: Document): ReadonlyMap<string, ReadonlySet<string>> {
  const terms = new Map<string, Set<string>>();
  for (const [api, { policies = [], routes }] of Object.entries(document.apis)) {
    for (const spec of [...policies, ...routes.flatMap((route) => route.policies)]) {
      const [name, written] = entryOf(spec);
      const settings = name === 'rate-limit' ? rateLimitSchema.safeParse(written) : undefined;
      if (settings?.success !== true) continue;
      for (const limit of settings.data.limits) {
        const shared = sharedAs(limit, settings.data, api);
        if (shared !== undefined) terms.set(shared, (terms.get(shared) ?? new Set()).add(canonicalJson(limit)));
      }
    }
  }
  return terms;
}
