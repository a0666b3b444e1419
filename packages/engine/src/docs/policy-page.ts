// A policy's page: what it is for, what it takes, and examples. The examples are the ones that run as tests.
import type { Policy, RulePolicy, RuleStage } from '../policy.js';
import { policySettings } from '../policy-settings.js';
import type { ExampleExpectation, ExampleRequest, PolicyExample } from '../policies/example.js';
import { settingsTable } from './settings-table.js';
import { yamlOf } from './yaml.js';

export const madeBy = '<!-- Made by `npm run docs` from the engine. Do not edit. -->';
const longestShown = 60;

const stages: Readonly<Record<RuleStage, string>> = {
  shield: 'before anybody is asked who calls',
  cors: "before anybody is asked who calls, because a browser's preflight carries no credential",
  authorize: 'once it is known who calls',
  limit: 'after the caller was let in, because what is refused costs no unit',
  shape: 'last, on what the upstream gets to see, or in its place',
  answer: 'on the answer, whoever gives it',
};

/** Where a rule acts. */
export function stagesOf({ stage }: RulePolicy): readonly RuleStage[] {
  return typeof stage === 'string' ? [stage] : stage;
}

export function policyPage(policy: Policy, examples: readonly PolicyExample[]): string {
  const acts =
    policy.kind === 'authentication'
      ? 'A way to say who calls. Alone on a route, or one of several in [`any` or `all`](README.md#any-and-all).'
      : `A rule: ${stagesOf(policy)
          .map((stage) => `\`${stage}\`, ${stages[stage]}`)
          .join('; ')}.`;
  const parts = [
    `# ${policy.name}`,
    madeBy,
    `${policy.summary} ${acts}`,
    '## Settings',
    settingsTable(policySettings(policy)),
    '## Examples',
    ...examples.flatMap(exampleParts),
  ];
  return `${parts.join('\n\n')}\n`;
}

function exampleParts({ title, text, route, requests }: PolicyExample): string[] {
  return [
    `### ${title}`,
    ...(text === undefined ? [] : [text]),
    `\`\`\`yaml\n${yamlOf(route)}\n\`\`\``,
    requests.map(requestLine).join('\n'),
  ];
}

function requestLine({ says, send = {}, expect }: ExampleRequest): string {
  const { method = 'GET', path = '/orders', query = '', clientAddress, headers = {} } = send;
  const sent = [
    `\`${method} ${path}${query}\``,
    ...(clientAddress === undefined ? [] : [`from \`${clientAddress}\``]),
    ...Object.entries(headers).map(([name, value]) => headerText(name, value)),
  ];
  return `- **${says}**\\\n  ${sent.join(' ')} → ${outcomeText(expect)}`;
}

function outcomeText({
  outcome,
  code,
  path,
  query,
  body,
  upstreamHeaders,
  answerHeaders,
  reasons,
}: ExampleExpectation): string {
  const parts = [
    outcome === 'forward' ? 'goes on' : `${outcome}${code === undefined ? '' : ` [${code}](../errors/${code}.md)`}`,
    ...(path === undefined && query === undefined ? [] : [`as \`${path ?? ''}${query ?? ''}\``]),
    ...(body === undefined ? [] : [`with \`${shortened(body)}\``]),
    ...headerTexts('the upstream gets', upstreamHeaders),
    ...headerTexts('the answer has', answerHeaders),
  ];
  const why = (reasons ?? []).map((reason) => `[${reason}](../reasons/${reason}.md)`);
  return parts.join('; ') + (why.length === 0 ? '' : ` · ${why.join(' ')}`);
}

function headerTexts(who: string, headers: Readonly<Record<string, string | null>> = {}): string[] {
  const named = Object.entries(headers).map(([name, value]) =>
    value === null ? `no \`${name}\`` : headerText(name, value),
  );
  return named.length === 0 ? [] : [`${who} ${named.join(', ')}`];
}

function headerText(name: string, value: string): string {
  return `\`${name}: ${shortened(value)}\``;
}

function shortened(value: string): string {
  const line = value.replaceAll('\n', ' ').replaceAll('`', "'");
  return line.length <= longestShown ? line : `${line.slice(0, longestShown)}…`;
}
