// What would this document change?
import { placeOptions, type Command } from '../command.js';
import { rawBody, readSource, sourceArgument, tagOption } from '../document/read-source.js';
import { given } from '../given.js';
import { diffText } from '../output/diff-text.js';
import { valueOf } from '../stop.js';

export const diff: Command = {
  name: 'diff',
  summary: 'show what applying or syncing a document would change',
  about:
    'Compares a document with the draft of an environment, or with what is live or was, and changes nothing. Without --mode it shows what `sluice sync` would do.',
  arguments: [sourceArgument],
  options: [
    { name: 'against', value: 'draft|live|number', about: 'what to compare with; the draft without it' },
    {
      name: 'mode',
      value: 'mode',
      values: ['sync', 'apply'],
      about: 'sync removes what the document does not name; apply leaves it',
    },
    { name: 'exit-code', about: 'end with 5 when there is a difference' },
    tagOption,
    ...placeOptions,
  ],
  examples: [
    { line: 'sluice diff', about: 'sluice.yaml against the draft' },
    { line: 'sluice diff --against live --exit-code gateway.yaml', about: 'in CI: does Git still say what is live?' },
  ],
  run: async (context) => {
    const source = await readSource(context.io, context.argument('file'));
    const { client, path, url } = await context.place();
    const against = context.option('against');
    const mode = context.option('mode') as 'sync' | 'apply' | undefined;
    const query = given({ against, mode, tags: context.option('tag') });
    const asked = client.call('document_diff', { path, query, raw: rawBody(source) });
    const difference = valueOf(await context.waiting('Comparing', asked), url, source.name);
    context.result(difference, () => diffText(context.io, difference.changes));
    return difference.changes.length > 0 && context.has('exit-code') ? 'different' : 'ok';
  },
};
