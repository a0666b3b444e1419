// A route's policies and those of its API, sorted by where they act: the order of the lists means nothing. One that this
// version does not know, or whose settings it cannot read, refuses the route by name: serving it without could let in
// what it keeps out.
import type { Policy as PolicySpec } from '@sluice/contracts';
import { allOf, compileAuthentication, isAuthentication } from './compile-authentication.js';
import type { WayToProve } from './compile-authentication.js';
import { compilePolicy } from './compile-policy.js';
import type { CompiledOnce, PolicyContext, PolicyReport } from './compile-policy.js';
import type { CompiledRoute } from './compiled.js';
import { concealedHeaders, mostConcealed } from './concealed-headers.js';
import type { CompiledPolicy, RuleStage } from './policy.js';
import { entryOf } from './policies/entry-of.js';

export type CompiledPolicies = Pick<CompiledRoute, 'authentication' | 'policies' | 'concealed'>;

interface RouteContext extends Omit<PolicyContext, 'owner' | 'once'> {
  /** Of the API that the route belongs to. */
  readonly inherited: CompiledOnce;
}

interface Listed {
  readonly name: string;
  readonly settings: unknown;
  /** Its place in the list that it stands in. */
  readonly index: number;
  readonly owner: string;
  readonly once: CompiledOnce | undefined;
  readonly report: PolicyReport;
}

/**
 * `report` takes places below the route's list of policies, `reportInherited` those below the list of its API. Undefined
 * when one of them cannot work.
 */
export function compilePolicies(
  specs: readonly PolicySpec[],
  context: RouteContext,
  report: PolicyReport,
  reportInherited: PolicyReport = (code, _at, detail, fix) => report(code, [], detail, fix),
): CompiledPolicies | undefined {
  const policies: Record<RuleStage, CompiledPolicy[]> = {
    shield: [],
    cors: [],
    authorize: [],
    limit: [],
    shape: [],
    answer: [],
  };
  const ways: WayToProve[] = [];
  const needy: Listed[] = [];
  const names = new Set<string>();
  let isGood = true;
  const refuse = (
    { report: tell, index }: Listed,
    code: 'policy_repeated' | 'identity_missing',
    ...words: Words
  ): void => {
    tell(code, [index], ...words);
    isGood = false;
  };
  for (const listed of listOf(specs, context, report, reportInherited)) {
    const { name, settings, index, owner, once } = listed;
    const own = { ...context, owner, once };
    if (names.has(name)) {
      refuse(listed, 'policy_repeated', `the route ${context.routeKey} has two ${name} policies`, 'keep one of them');
    } else if (isAuthentication(name)) {
      const way = compileAuthentication(name, settings, [index, name], own, listed.report);
      if (way === undefined) isGood = false;
      else ways.push(way);
    } else {
      const rule = compilePolicy(name, settings, [index, name], own, listed.report);
      if (rule?.policy.kind !== 'rule') isGood = false;
      else {
        for (const stage of [rule.policy.stage].flat()) policies[stage].push(rule.compiled);
        if (rule.policy.needsIdentity === true) needy.push(listed);
      }
    }
    names.add(name);
  }
  if (ways.length === 0) {
    for (const listed of needy)
      refuse(
        listed,
        'identity_missing',
        `the policy ${listed.name} asks who calls, and the route ${context.routeKey} is open: nobody could pass`,
        'add a way to authenticate, such as jwt',
      );
  }
  if (!isGood) return undefined;
  for (const rules of Object.values(policies)) rules.sort((left, right) => (left.name < right.name ? -1 : 1));
  const concealed = concealedHeaders(context.document, context.routeKey);
  if (concealed === undefined) {
    report(
      'policy_invalid',
      [],
      `the route ${context.routeKey} is one too many: routes tell upstreams who calls in ${mostConcealed} headers, all together`,
      'use the same names on all routes',
    );
    return undefined;
  }
  return { authentication: allOf(ways), policies, concealed };
}

type Words = readonly [detail: string, fix: string];

// The API's policies hold for each of its routes. A route's own one of the same name stands in for it; and where a route
// says itself how callers authenticate, that stands in for all that the API says of it.
function listOf(
  specs: readonly PolicySpec[],
  { document, api, routeKey, inherited: once }: RouteContext,
  report: PolicyReport,
  reportInherited: PolicyReport,
): Listed[] {
  const toListed =
    (owner: string, tell: PolicyReport, shared?: CompiledOnce) =>
    (spec: PolicySpec, index: number): Listed => {
      const [name, settings] = entryOf(spec);
      return { name, settings, index, owner, once: shared, report: tell };
    };
  const own = specs.map(toListed(routeKey, report));
  const hasOwnWay = own.some(({ name }) => isAuthentication(name));
  const inherited = (document.apis[api]?.policies ?? [])
    .map(toListed(api, reportInherited, once))
    .filter(({ name }) => !own.some((one) => one.name === name) && !(hasOwnWay && isAuthentication(name)));
  return [...inherited, ...own];
}
