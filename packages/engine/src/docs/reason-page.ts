// A reason's page: what can be derived (its sentences and fields) above, and below it what people have written.
import { consumerSentenceOf } from '../explain/for-consumers.js';
import type { Reason } from '../reasons.js';
import { sentenceOf } from '../explain/sentences.js';

const begin = '<!-- Made by `npm run docs` from the engine. Write below it. -->';
const end = '<!-- Written by people. -->';

/** @param written the page as it is, of which the part that people wrote is kept. */
export function reasonPage(reason: Reason, written: string | undefined): string {
  const prose = proseOf(written);
  return `${[`# ${reason.code}`, begin, derived(reason), end].join('\n\n')}\n${prose === '' ? '' : `\n${prose}\n`}`;
}

/** What people have written of a reason; empty when nobody has. */
export function proseOf(page: string | undefined): string {
  return page?.split(end)[1]?.trim() ?? '';
}

function derived(reason: Reason): string {
  const forMembers = sentenceOf(reason);
  const forConsumers = consumerSentenceOf(reason);
  const fields = Object.keys(reason).filter((field) => field !== 'code');
  return [
    `| for members | ${forMembers} |`,
    '|---|---|',
    `| **for consumers** | ${forConsumers === undefined ? '*not told*' : forConsumers === forMembers ? '*the same*' : forConsumers} |`,
    `| **fields** | ${fields.map((field) => `\`${field}\``).join(', ') || '*none*'} |`,
  ].join('\n');
}

export function reasonIndex(reasons: readonly Reason[]): string {
  const rows = reasons
    .toSorted((left, right) => (left.code < right.code ? -1 : 1))
    .map((reason) => `| [${reason.code}](${reason.code}.md) | ${sentenceOf(reason)} |`);
  return `# Reasons

<!-- Made by \`npm run docs\` from the engine. Do not edit. -->

Every decision says why it fell as it did: a list of codes with plain data, recorded with the request. Ask for them by request id in the portal
or at \`GET .../requests/{request}\`, or for a request that was never sent at \`POST .../explain\`. Members of the tenant read them in full;
consumers read what concerns their own request, and nothing of the inside.

| code | for example |
|---|---|
${rows.join('\n')}
`;
}
