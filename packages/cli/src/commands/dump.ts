// An environment as one document.
import { writeFile } from 'node:fs/promises';
import type { Schemas } from '@sluice/api-client';
import { placeOptions, type Command } from '../command.js';
import { given } from '../given.js';
import { usage, valueOf } from '../stop.js';

export const dump: Command = {
  name: 'dump',
  summary: 'write the draft, or a revision, as one document',
  about:
    'Prints the configuration of an environment as a document that `sluice sync` takes: synced onto an empty environment and published, it makes a revision of the same hash.',
  arguments: [],
  options: [
    { name: 'revision', value: 'live|number', about: 'a revision; the draft without it' },
    { name: 'format', value: 'format', values: ['yaml', 'json'], about: 'yaml without it; --json means json too' },
    { name: 'tag', value: 'list', about: 'only what carries all of these tags, with commas between' },
    { name: 'output', short: 'o', value: 'file', about: 'write into a file instead of standard output' },
    ...placeOptions,
  ],
  examples: [
    { line: 'sluice dump -o sluice.yaml', about: 'the beginning of a configuration in Git' },
    { line: 'sluice dump --tag team-a -o team.yaml', about: "one team's part, which `sluice sync` keeps to" },
    { line: 'sluice dump --revision live -e staging | sluice sync -e production -', about: 'from one to another' },
  ],
  run: async (context) => {
    const { client, path, url } = await context.place();
    const revision = context.option('revision');
    const query = given({ revision, tags: context.option('tag') });
    const document = valueOf(await context.waiting('Reading', client.call('document_read', { path, query })), url);
    const isJson = context.isJson || context.option('format') === 'json';
    const text = isJson ? `${JSON.stringify(document, undefined, 2)}\n` : await yamlOf(document);
    if (context.option('tag') !== undefined && isEmpty(document))
      context.say('warning: nothing carries these tags, so no object is in it.\n');
    if (holdsHidden(document))
      context.say('warning: secrets in it read (hidden), since this token may not change the configuration.\n');
    const file = context.option('output');
    if (file === undefined) context.io.stdout.write(text);
    else {
      await writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
        throw usage(`${file} cannot be written (${error.code ?? 'unknown error'}). Name another file.`);
      });
      context.say(`Written to ${file}.\n`);
    }
    return 'ok';
  },
};

async function yamlOf(document: object): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(document, { lineWidth: 0 });
}

function isEmpty({ upstreams, apis, plans }: Schemas['ExportedDocument']): boolean {
  return [upstreams, apis, plans].every((part) => Object.keys(part).length === 0);
}

function holdsHidden(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === '(hidden)';
  return Object.values(value).some(holdsHidden);
}
