// Every page of the docs that is made from the engine, by its path below docs/.
import type { PolicyExample } from '../policies/example.js';
import { policies } from '../policies/index.js';
import { sampleReasons } from '../testing/sample-reasons.js';
import { migrationPage } from './migration-page.js';
import { policyIndex } from './policy-index.js';
import { policyPage } from './policy-page.js';
import { reasonIndex, reasonPage } from './reason-page.js';
import { upstreamPage } from './upstream-page.js';

export interface PageSources {
  /** By the policy's name. */
  readonly examples: ReadonlyMap<string, readonly PolicyExample[]>;
  /** The page as it is; undefined: there is none yet. */
  readonly written: (path: string) => string | undefined;
}

/** Folders below docs/migrating. */
const migrations = ['envoy', 'kong', 'nginx', 'traefik'];

export function pages({ examples, written }: PageSources): Map<string, string> {
  const policyPages = policies.map((policy): [string, string] => [
    `policies/${policy.name}.md`,
    policyPage(policy, examples.get(policy.name) ?? []),
  ]);
  const reasonPages = sampleReasons.map((reason): [string, string] => {
    const path = `reasons/${reason.code}.md`;
    return [path, reasonPage(reason, written(path))];
  });
  const migrationPages = migrations.map((name): [string, string] => {
    const path = `migrating/${name}/README.md`;
    const document: unknown = JSON.parse(written(`migrating/${name}/sluice.json`) ?? '{}');
    return [path, migrationPage(document, written(path) ?? '')];
  });
  return new Map([
    ['policies/README.md', policyIndex(policies)],
    ...policyPages,
    ['reasons/README.md', reasonIndex(sampleReasons)],
    ...reasonPages,
    ...migrationPages,
    ['upstreams.md', upstreamPage(written('upstreams.md') ?? '')],
  ]);
}
