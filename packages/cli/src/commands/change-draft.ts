// `apply` and `sync`: a document into the draft of an environment.
import { placeOptions, type Command, type Context, type Option } from '../command.js';
import { rawBody, readSource, sourceArgument, tagOption } from '../document/read-source.js';
import { given } from '../given.js';
import { diffText } from '../output/diff-text.js';
import { missingSecretsText } from '../output/missing-secrets.js';
import { valueOf } from '../stop.js';

export const dryRunOption: Option = { name: 'dry-run', about: 'show what would change, and change nothing' };

export function dryRunOf(context: Context): 'true' | 'false' {
  return context.has('dry-run') ? 'true' : 'false';
}

const options: readonly Option[] = [
  dryRunOption,
  {
    name: 'if-match',
    value: 'etag',
    about: 'only if the draft is still what it was: the etag of an earlier --json result',
  },
  tagOption,
  ...placeOptions,
];

const about =
  'Weights in force stay as people and rollouts have set them, and nothing is live before `sluice publish`.';

export const apply: Command = {
  name: 'apply',
  summary: 'bring a document into the draft, and leave what it does not name',
  about: `Adds and changes the objects of the draft that the document names. ${about}`,
  arguments: [sourceArgument],
  options,
  examples: [
    { line: 'sluice apply team.yaml', about: "one team's objects, beside those of others" },
    { line: 'generate | sluice apply -', about: 'from standard input' },
    { line: 'sluice apply --tag team-a team.yaml', about: 'and what it names gets the tag team-a' },
  ],
  run: async (context) => change(context, 'apply'),
};

export const sync: Command = {
  name: 'sync',
  summary: 'make the draft what a document says, and remove the rest',
  about: `Makes the draft of the environment exactly what the document says: what it does not name is removed. With tags, and with a document that was dumped with tags, that is so of what carries them, and nothing else is touched. ${about}`,
  arguments: [sourceArgument],
  options,
  examples: [
    { line: 'sluice sync --dry-run', about: 'what would be removed?' },
    { line: 'sluice sync --tag team-a team.yaml', about: "one team's part: all else stays" },
    { line: 'sluice sync && sluice publish --wait', about: 'from Git to every gateway' },
  ],
  run: async (context) => change(context, 'sync'),
};

async function change(context: Parameters<Command['run']>[0], verb: 'apply' | 'sync'): ReturnType<Command['run']> {
  const source = await readSource(context.io, context.argument('file'));
  const { client, path, url, tenant, environment } = await context.place();
  const ifMatch = context.option('if-match');
  const request = {
    path,
    query: given({ dryRun: dryRunOf(context), tags: context.option('tag') }),
    raw: rawBody(source),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  };
  const outcome = await context.waiting(
    verb === 'apply' ? 'Applying' : 'Syncing',
    client.call(verb === 'apply' ? 'document_apply' : 'document_sync', request),
  );
  const changed = valueOf(outcome, url, source.name);
  const etag = outcome.ok ? outcome.etag : null;
  context.result({ ...changed, etag }, () => {
    const text = diffText(context.io, changed.changes);
    if (changed.changes.length === 0) return text;
    return changed.isDryRun
      ? `${text}Nothing was changed: this was a dry run.\n`
      : `${text}The draft of ${tenant}/${environment} is changed; \`sluice publish --wait\` makes it live.\n`;
  });
  context.say(missingSecretsText(changed.missingSecrets, environment));
  return 'ok';
}
