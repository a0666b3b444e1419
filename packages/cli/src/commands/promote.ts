// From one environment to another.
import type { Outcome } from '@sluice/api-client';
import { tenantOption, type Command } from '../command.js';
import { diffText } from '../output/diff-text.js';
import { missingSecretsText } from '../output/missing-secrets.js';
import { usage, valueOf } from '../stop.js';
import { dryRunOf, dryRunOption } from './change-draft.js';
import { revisionText, settle, waitMsOf, waitOptions } from './follow-revision.js';

export const promote: Command = {
  name: 'promote',
  summary: 'copy what is live in one environment into another',
  about:
    "Copies the document of a revision of the first environment, the live one without --revision, into the draft of the second, and with --publish or --wait makes it live there. Weights, subscriptions and keys stay each environment's own. A draft with changes that nobody published is overwritten with --overwrite alone.",
  arguments: [
    { name: 'from', about: 'the environment to copy from', isRequired: true },
    { name: 'to', about: 'the environment to copy to', isRequired: true },
  ],
  options: [
    dryRunOption,
    { name: 'publish', about: 'make it live, too' },
    { name: 'revision', value: 'live|number', about: 'of the environment to copy from; the live one without it' },
    { name: 'overwrite', about: 'also a draft with changes that nobody published' },
    ...waitOptions,
    tenantOption,
  ],
  examples: [
    { line: 'sluice promote staging production --dry-run', about: 'what would change?' },
    { line: 'sluice promote staging production --wait --comment "orders v2"', about: 'live on every gateway' },
  ],
  run: async (context) => {
    const waitMs = waitMsOf(context);
    const isPublished = context.has('publish') || waitMs !== undefined;
    const [from, to] = [context.argument('from') ?? '', context.argument('to') ?? ''];
    const revision = revisionOf(context.option('revision'));
    const comment = context.option('comment');
    const found = await context.place();
    const place = { ...found, environment: to, path: { tenant: found.tenant, environment: to } };
    const asked = place.client.call('promotion_promote', {
      path: place.path,
      query: { dryRun: dryRunOf(context) },
      body: {
        from,
        to: isPublished ? 'revision' : 'draft',
        ...(revision === undefined ? {} : { revision }),
        ...(comment === undefined ? {} : { comment }),
      },
      ...(context.has('overwrite') ? { ifMatch: '*' } : {}),
    });
    const outcome = await context.waiting('Promoting', asked);
    const promoted = valueOf(context.has('overwrite') ? outcome : withRemedy(outcome), place.url);
    const etag = outcome.ok ? outcome.etag : null;
    const settled = promoted.revision === null ? undefined : await settle(context, place, promoted.revision, waitMs);
    const result = { ...promoted, etag, ...(settled === undefined ? {} : { revision: settled.revision }) };
    context.result(result, () => {
      const { source, changes, isDryRun } = promoted;
      const text = `r${source.revision} of ${from} -> ${to}\n${diffText(context.io, changes)}`;
      if (settled !== undefined) return `${text}live in ${to}: ${revisionText(settled.revision)}`;
      if (isDryRun) return `${text}Nothing was changed: this was a dry run.\n`;
      return `${text}The draft of ${to} is that now; \`sluice publish --wait -e ${to}\` makes it live.\n`;
    });
    context.say(missingSecretsText(promoted.missingSecrets, to));
    if (settled === undefined) return 'ok';
    context.say(settled.note);
    return settled.exit;
  },
};

function revisionOf(text: string | undefined): number | undefined {
  if (text === undefined || text === 'live') return undefined;
  const digits = text.replace(/^r/, '');
  if (!/^[1-9]\d{0,8}$/.test(digits))
    throw usage(`--revision takes live or a number, such as 12 or r12, not "${text}".`);
  return Number(digits);
}

// The control plane speaks of If-Match, which is no word of this command.
function withRemedy<T>(outcome: Outcome<T>): Outcome<T> {
  if (outcome.ok || outcome.failure.kind !== 'refused' || outcome.failure.problem.code !== 'state_conflict')
    return outcome;
  const { problem } = outcome.failure;
  const detail = `${problem.detail} Here --overwrite says that what is only in the draft may be lost; \`sluice diff --against live\` and \`sluice dump\` show it.`;
  return { ok: false, failure: { kind: 'refused', problem: { ...problem, detail } } };
}
