// The header in which a route takes an API key, for a portal that shows how to send one.
import type { ApiSpec, Policy, RouteSpec } from '@sluice/contracts';
import { policies as known } from '@sluice/engine';
import { z } from 'zod';

const named = z.object({ header: z.string() });

/** Null: the route takes no key in a header. */
export function keyHeaderOf(api: Pick<ApiSpec, 'policies'>, route: Pick<RouteSpec, 'policies'>): string | null {
  const own = new Set(route.policies.flatMap((policy) => Object.keys(policy)));
  const inherited = (api.policies ?? []).filter((policy) => !Object.keys(policy).some((name) => own.has(name)));
  return [...route.policies, ...inherited].map(headerOf).find((header) => header !== null) ?? null;
}

// Within `any` and `all` there are lists of policies.
function headerOf(policy: Policy): string | null {
  for (const [name, settings] of Object.entries(policy)) {
    if (name === 'api-key') return headerOfSettings(settings);
    if ((name === 'any' || name === 'all') && Array.isArray(settings))
      return (settings as Policy[]).map(headerOf).find((header) => header !== null) ?? null;
  }
  return null;
}

function headerOfSettings(settings: unknown): string | null {
  const parsed = known.find(({ name }) => name === 'api-key')?.schema.safeParse(settings ?? {});
  const found = named.safeParse(parsed?.data);
  return found.success ? found.data.header : null;
}
