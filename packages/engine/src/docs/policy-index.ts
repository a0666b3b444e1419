// The list of all policies, and what is true of each.
import type { Policy } from '../policy.js';
import { madeBy, stagesOf } from './policy-page.js';

export function policyIndex(policies: readonly Policy[]): string {
  const sorted = policies.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const row = (policy: Policy): string =>
    `| [${policy.name}](${policy.name}.md) | ${policy.kind === 'rule' ? stagesOf(policy).join(', ') : 'who calls'} | ${policy.summary} |`;
  return `# Policies

${madeBy}

A policy is one applied rule. A route lists its own; those of its API apply too, unless the route names the same policy. Each entry
of the list is one policy by its name with its settings, and each policy stands in a list once:

\`\`\`yaml
policies: [{ api-key: { header: apikey } }, { request-id: {} }]
\`\`\`

Their order in the list means nothing. What acts first is fixed, the same for all routes: match, \`shield\`, \`cors\`, who calls, \`authorize\`,
\`limit\`, \`shape\`, and then the arm is chosen; \`answer\` comes when there is an answer, be it a refusal. A policy that this version does
not know, or with settings that it cannot read, refuses its route: it is never served without.

| policy | acts | what it does |
|---|---|---|
${sorted.map(row).join('\n')}

## any and all

Several ways to say who calls stand in one of two lists. \`any\`: one of them is enough; what is absent is passed over, what is wrong refuses the
request. \`all\`: each is needed. Policies that stand side by side are \`all\`. Lists may be nested once:

\`\`\`yaml
policies:
  - any: [{ api-key: {} }, { basic: { users: [] } }]
\`\`\`
`;
}
