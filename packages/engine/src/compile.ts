// A published document as tables to decide with. An object that cannot work is refused by name and left out;
// it never blocks the others. The result does not depend on the order of unrelated objects.
import type { Document, EnvironmentChange, FieldError, Receipt } from '@sluice/contracts';
import type { Compiled, CompiledPlan } from './compiled.js';
import { compileLimits } from './compile-limits.js';
import { compileRoutes } from './compile-routes.js';
import type { Finding } from './findings.js';
import { withCounters } from './plan-counters.js';
import { platformLimits } from './platform-limits.js';
import { pointer, toFieldError, toRefusal } from './findings.js';
import { findInlineSecrets } from './secrets/secrets-in.js';
import type { Secrets } from './secrets/with-secrets.js';

/** An environment's change of the feed, with whose it is. `document` is there: an environment that is gone is not compiled. */
export type EnvironmentInput = Omit<EnvironmentChange, 'kind' | 'document'> & {
  readonly tenantId: string;
  readonly environmentId: string;
  readonly document: Document;
  /** Without them what is compiled holds none, and is good for anything but serving requests. */
  readonly secrets?: Secrets;
};

export interface CompileResult {
  readonly compiled: Compiled;
  readonly refusals: Receipt['refusals'];
}

export function compile(environment: EnvironmentInput): CompileResult {
  const { tenantId, tenantSlug, environmentId, environmentName, revision, revisionId, document } = environment;
  const findings: Finding[] = [];
  const claims = environment.hosts.map(normalHost);
  const hosts = compileRoutes(document, claims, environmentId, findings, environment.secrets);
  const plans = compilePlans(document, findings);
  return {
    compiled: {
      tenantId,
      tenantSlug,
      environmentId,
      environmentName,
      revision,
      revisionId,
      portalOrigins: new Set(environment.portalOrigins),
      claims,
      hosts,
      plans,
      platformLimits: platformLimits(tenantId, environment.platform),
      upstreams: new Map(Object.entries(document.upstreams)),
    },
    refusals: findings.map(toRefusal),
  };
}

/**
 * What a gateway would refuse of a document, told to the person who publishes it, and secrets that stand in it in clear. `hosts`
 * are the environment's; without its `secrets` none counts as missing.
 */
export function validateDocument(document: Document, hosts: readonly string[], secrets?: Secrets): FieldError[] {
  return findingsOf(document, hosts, secrets).map(toFieldError);
}

export function findingsOf(document: Document, hosts: readonly string[], secrets?: Secrets): Finding[] {
  const findings = findInlineSecrets(document);
  compileRoutes(document, hosts.map(normalHost), '', findings, secrets);
  compilePlans(document, findings);
  return findings;
}

function normalHost(host: string): string {
  return host.toLowerCase();
}

function compilePlans(document: Document, findings: Finding[]): Map<string, CompiledPlan> {
  return new Map(
    Object.entries(document.plans).map(([name, plan]) => {
      plan.apis.forEach((api, index) => {
        if (Object.hasOwn(document.apis, api)) return;
        findings.push({
          code: 'api_missing',
          object: `plans/${name}`,
          pointer: pointer('plans', name, 'apis', index),
          detail: `the plan ${name} names the API ${api}, which does not exist`,
          fix: `create the API ${api}, or take it out of the plan`,
        });
      });
      const apis = new Set(plan.apis.filter((api) => Object.hasOwn(document.apis, api)));
      const limits = compileLimits(plan.limits, (index) =>
        findings.push({
          code: 'limit_repeated',
          object: `plans/${name}`,
          pointer: pointer('plans', name, 'limits', index),
          detail: `the plan ${name} has two limits of the same kind and time; the tighter one is enforced`,
          fix: 'keep one of them, or give each a name of its own',
        }),
      );
      return [name, { name, apis, limits: withCounters(limits) }];
    }),
  );
}
