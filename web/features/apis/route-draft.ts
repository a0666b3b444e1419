// A route as the form holds it, and the way there and back. Nothing that a route can say is lost on the way.
import type { Cost, Route, RouteSpec } from '@sluice/contracts';
import { listed } from '@/features/ui/list-draft';
import { emptyEnding, endingDraftOf, endingOf, numberOf } from './ending-draft';
import type { EndingDraft } from './ending-draft';
import { matchDraftOf, matchOf } from './match-draft';
import type { MatchDraft } from './match-draft';
import { newKeyPolicy, policyDraftOf, policyOf } from './policy-draft';
import type { PolicyDraft } from './policy-draft';

export interface RouteDraft extends MatchDraft, EndingDraft {
  readonly name: string;
  /** What becomes of the path before it goes upstream. */
  readonly pathChange: 'none' | 'strip' | 'rewrite';
  /** The route said so though it ends here; otherwise only what goes upstream has its path changed. */
  readonly isPathChangedAnyway: boolean;
  readonly strip: string;
  readonly rewrite: string;
  /** How many units of its limits a request takes: one, a number, or what the upstream says. */
  readonly costKind: 'one' | 'fixed' | 'said';
  readonly costUnits: string;
  readonly costMax: string;
  readonly costHeader: string;
  readonly policies: readonly PolicyDraft[];
  readonly tags: string;
}

export const commonMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

export function emptyRoute(api: string, upstream: string): RouteDraft {
  return {
    name: api,
    ...matchDraftOf({ path: { prefix: `/${api}` } }),
    pathChange: 'strip',
    isPathChangedAnyway: false,
    strip: `/${api}`,
    rewrite: '',
    ...costDraftOf(undefined),
    policies: [newKeyPolicy([])],
    tags: '',
    ...emptyEnding(upstream),
  };
}

export function draftOf(route: Route): RouteDraft {
  return {
    name: route.name,
    ...matchDraftOf(route.match),
    pathChange: route.strip === undefined ? (route.rewrite === undefined ? 'none' : 'rewrite') : 'strip',
    isPathChangedAnyway: route.split === undefined,
    strip: route.strip ?? '',
    rewrite: route.rewrite ?? '',
    ...costDraftOf(route.cost),
    policies: route.policies.map(policyDraftOf),
    tags: route.tags?.join(', ') ?? '',
    ...endingDraftOf(route),
  };
}

export function specOf(draft: RouteDraft): RouteSpec {
  const cost = costOf(draft);
  const pathChange = changesPath(draft) ? draft.pathChange : 'none';
  return {
    name: draft.name.trim(),
    match: matchOf(draft),
    ...(pathChange === 'strip' ? { strip: draft.strip } : {}),
    ...(pathChange === 'rewrite' ? { rewrite: draft.rewrite } : {}),
    ...(cost === undefined ? {} : { cost }),
    policies: draft.policies.map(policyOf),
    ...listed('tags', draft.tags),
    ...endingOf(draft),
  };
}

/** Whether the fields of the path's change count, and so must be seen. */
export function changesPath({ ending, isPathChangedAnyway, pathChange }: RouteDraft): boolean {
  return ending === 'split' || (isPathChangedAnyway && pathChange !== 'none');
}

type CostDraft = Pick<RouteDraft, 'costKind' | 'costUnits' | 'costMax' | 'costHeader'>;

function costDraftOf(cost: Cost | undefined): CostDraft {
  const kept = { costUnits: '1', costMax: '10', costHeader: 'x-cost' };
  if (cost === undefined) return { ...kept, costKind: 'one' };
  if (typeof cost === 'number') return { ...kept, costKind: 'fixed', costUnits: String(cost) };
  return { ...kept, costKind: 'said', costMax: String(cost.max), costHeader: cost.header };
}

function costOf(draft: CostDraft): Cost | undefined {
  if (draft.costKind === 'one') return undefined;
  if (draft.costKind === 'fixed') return numberOf(draft.costUnits);
  return { max: numberOf(draft.costMax), header: draft.costHeader.trim() };
}
