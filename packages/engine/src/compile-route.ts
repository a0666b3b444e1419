// One route of the document, checked and ready to decide with.
import type { ApiSpec, Document, RouteSpec } from '@sluice/contracts';
import { routeKey } from '@sluice/contracts';
import { compileEnding } from './compile-ending.js';
import type { CompiledPolicies } from './compile-policies.js';
import { compilePolicies } from './compile-policies.js';
import type { CompiledOnce } from './compile-policy.js';
import type { CompiledRoute } from './compiled.js';
import type { FindingCode } from './findings.js';
import { murmur3 } from './hash.js';
import { coversHost } from './matching/hosts.js';
import type { ReportAt } from './matching/paths.js';
import { compilePath, isCanonical } from './matching/paths.js';
import { compareText } from './matching/precedence.js';
import type { CompiledPredicate } from './matching/predicates.js';
import { compilePredicate } from './matching/predicates.js';
import type { RegexChecks } from './matching/regex.js';
import { versioned } from './matching/versioning.js';
import { withoutTrailingSlash } from './path.js';
import type { CompiledPolicy } from './policy.js';
import type { Secrets } from './secrets/with-secrets.js';

export interface Surroundings {
  readonly document: Document;
  readonly environmentId: string;
  readonly secrets: Secrets | undefined;
  /** Hosts of the environment, in lower case. */
  readonly claims: readonly string[];
  readonly apiName: string;
  readonly api: ApiSpec;
  readonly checks: RegexChecks;
  /** The API's own policies, as far as they were compiled for routes before. */
  readonly inherited: CompiledOnce;
  /** Takes places below the API: for its own policies. */
  readonly reportApi: ReportAt;
}

export interface RouteOnHosts {
  readonly route: CompiledRoute;
  /** Undefined: all hosts of the environment. */
  readonly hosts: readonly string[] | undefined;
}

/** `report` takes places below the route. Undefined when it cannot work. */
export function compileRoute(spec: RouteSpec, around: Surroundings, report: ReportAt): RouteOnHosts | undefined {
  const { document, environmentId, claims, apiName, api } = around;
  const key = routeKey(apiName, spec.name);
  const { match, strip, predicate } = versioned(api, spec, claims);
  // Each check tells all that it finds before the route is given up.
  const path = compilePath(match.path, around.checks, below(report, 'match', 'path'));
  const predicates = compilePredicates(spec, predicate, around.checks, report);
  const hasUpstreams = checkUpstreams(document, spec, report);
  const hosts = checkHosts(match.hosts, spec, around, report);
  const canStrip = strip === undefined || isCanonical(strip, ['strip'], report);
  const policies = compilePolicies(
    spec.policies,
    {
      document,
      environmentId,
      api: apiName,
      routeKey: key,
      inherited: around.inherited,
      secrets: around.secrets,
    },
    below(report, 'policies'),
    below(around.reportApi, 'policies'),
  );
  const ending = path === undefined ? undefined : compileEnding(spec, path, report);
  if (
    path === undefined ||
    predicates === undefined ||
    !hasUpstreams ||
    hosts === 'none' ||
    !canStrip ||
    policies === undefined ||
    ending === undefined
  )
    return undefined;
  const salt = murmur3(`${environmentId}/${key}`, 0);
  return {
    hosts,
    route: {
      key,
      api: apiName,
      name: spec.name,
      path,
      priority: match.priority ?? 0,
      predicates,
      methods: match.methods,
      strip: withoutTrailingSlash(strip ?? ''),
      cost: typeof spec.cost === 'object' ? spec.cost.max : (spec.cost ?? 1),
      costHeader: typeof spec.cost === 'object' ? spec.cost.header : undefined,
      ...shared(policies),
      ...ending,
      sticky: spec.split?.sticky ?? 'none',
      arms: (spec.split?.arms ?? [])
        .map(({ name, upstream, weight }) => ({ name, upstream, weightBps: weight }))
        .toSorted((left, right) => compareText(left.name, right.name)),
      salt,
      armCookie: `sluice_arm_${salt.toString(16).padStart(8, '0')}`,
    },
  };
}

// Most routes have rules in few stages, and a decision reads them all: what is empty is one list for all routes, which
// stays in the processor's cache.
function shared(compiled: CompiledPolicies): CompiledPolicies {
  const rules = Object.entries(compiled.policies).map(([stage, list]) => [stage, list.length === 0 ? noRules : list]);
  const isEmpty = rules.every(([, list]) => list === noRules);
  return {
    authentication: compiled.authentication,
    concealed: compiled.concealed.length === 0 ? noNames : compiled.concealed,
    policies: isEmpty ? noPolicies : (Object.fromEntries(rules) as CompiledRoute['policies']),
  };
}

const noPredicates: readonly CompiledPredicate[] = [];
const noRules: readonly CompiledPolicy[] = [];
const noNames: readonly string[] = [];
const noPolicies: CompiledRoute['policies'] = {
  shield: noRules,
  cors: noRules,
  authorize: noRules,
  limit: noRules,
  shape: noRules,
  answer: noRules,
};

function below(report: ReportAt, ...steps: readonly (string | number)[]): ReportAt {
  return (code: FindingCode, at, detail, fix) => report(code, [...steps, ...at], detail, fix);
}

function compilePredicates(
  { match }: RouteSpec,
  ofVersion: CompiledPredicate | undefined,
  checks: RegexChecks,
  report: ReportAt,
): readonly CompiledPredicate[] | undefined {
  if (ofVersion === undefined && match.headers === undefined && match.query === undefined) return noPredicates;
  const predicates: CompiledPredicate[] = ofVersion === undefined ? [] : [ofVersion];
  let isGood = true;
  for (const [field, on] of [
    ['headers', 'header'],
    ['query', 'query'],
  ] as const) {
    match[field]?.forEach((written, index) => {
      predicates.push(compilePredicate(on, written));
      const fault = written.regex === undefined ? undefined : checks.faultOf(written.regex);
      if (fault === undefined) return;
      isGood = false;
      report('regex_unusable', ['match', field, index, 'regex'], fault.detail, fault.fix);
    });
  }
  return isGood ? predicates : undefined;
}

function checkUpstreams(document: Document, spec: RouteSpec, report: ReportAt): boolean {
  const arms = spec.split?.arms ?? [];
  const missing = arms.filter((arm) => !Object.hasOwn(document.upstreams, arm.upstream));
  for (const arm of missing) {
    report(
      'upstream_missing',
      ['split', 'arms', arms.indexOf(arm), 'upstream'],
      `the arm ${arm.name} names the upstream ${arm.upstream}, which does not exist`,
      `create the upstream ${arm.upstream}, or name one of: ${Object.keys(document.upstreams).slice(0, 8).join(', ') || '(there is none yet)'}`,
    );
  }
  return missing.length === 0;
}

// A wildcard stands for those of the environment's hosts that it covers.
function checkHosts(
  hosts: readonly string[] | undefined,
  { match }: RouteSpec,
  { api, claims }: Surroundings,
  report: ReportAt,
): readonly string[] | undefined | 'none' {
  if (hosts === undefined) return undefined;
  const isByHost = api.versioning?.by === 'host';
  if (isByHost && match.hosts?.some((host) => host.startsWith('*.')) === true) {
    report(
      'version_unusable',
      ['match', 'hosts'],
      `the version ${api.version} cannot come before a wildcard host`,
      'name the hosts, or leave them out: the route is then served on all that begin with the version',
    );
    return 'none';
  }
  const isClaimed = (host: string): boolean =>
    claims.some((claim) => coversHost(claim, host) || coversHost(host, claim));
  hosts.forEach((host, index) => {
    if (isClaimed(host)) return;
    report(
      'host_not_claimed',
      ['match', 'hosts', index],
      `the host ${host} does not belong to this environment: it is not given to it, nor claimed for it and proven`,
      `name one of: ${claims.slice(0, 8).join(', ')}. Or claim ${host} and set the TXT record that the claim names, if its domain is your own: hosts of the platform's domain are given, never claimed`,
    );
  });
  if (isByHost && hosts.length === 0)
    report(
      'version_unusable',
      ['match'],
      `no host of this environment begins with ${api.version.toLowerCase()}.`,
      `claim a host such as ${api.version.toLowerCase()}.${claims[0] ?? 'example.test'}, or tell versions apart by path, header or media type`,
    );
  const served = [...new Set(hosts)].filter(isClaimed);
  return served.length === 0 ? 'none' : served;
}
