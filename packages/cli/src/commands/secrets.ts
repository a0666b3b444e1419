// Secrets of an environment: set, listed, deleted. A value comes from standard input or a file; as an argument it would stand in
// the shell's history and in the list of processes.
import { everyItem } from '@sluice/api-client';
import { placeOptions, type Argument, type Command } from '../command.js';
import { readSource } from '../document/read-source.js';
import { table } from '../output/table.js';
import { usage, valueOf } from '../stop.js';

const nameArgument: Argument = { name: 'name', about: 'documents refer to it by secret:<name>', isRequired: true };

export const secretsSet: Command = {
  name: 'secrets set',
  summary: 'set the value of a secret, from standard input or a file',
  about:
    'Sets what secret:<name> stands for in an environment. The gateways have a new value at once, without publishing; nobody can read it back. One line end at the end of the input is left out.',
  arguments: [nameArgument],
  options: [
    { name: 'file', value: 'path', about: 'the file that holds the value; standard input without it' },
    ...placeOptions,
  ],
  examples: [
    { line: 'openssl rand -hex 32 | sluice secrets set orders-hmac', about: 'a new random one' },
    { line: 'sluice secrets set backend --file token.txt -e staging', about: 'from a file' },
  ],
  run: async (context) => {
    const secret = context.argument('name') ?? '';
    const { text } = await readSource(context.io, context.option('file') ?? '-');
    const value = text.replace(/\r?\n$/, '');
    if (value === '') throw usage('There is no value: write it to standard input, or name a file with --file.');
    const { client, path, url } = await context.place();
    const asked = client.call('secrets_set', { path: { ...path, secret }, body: { value } });
    const set = valueOf(await context.waiting('Setting the secret', asked), url);
    context.result(set, () => `secret:${set.name} is set, version ${set.version}.\n`);
    return 'ok';
  },
};

export const secretsList: Command = {
  name: 'secrets list',
  summary: 'list secrets: names, versions, and what uses them',
  about: 'Lists the secrets of an environment. Their values are shown to nobody.',
  arguments: [],
  options: placeOptions,
  examples: [{ line: 'sluice secrets list -e staging', about: 'of another environment' }],
  run: async (context) => {
    const { client, path, url } = await context.place();
    const items = valueOf(await context.waiting('Reading secrets', everyItem(client, 'secrets_list', { path })), url);
    context.result({ items }, () =>
      items.length === 0
        ? 'No secrets.\n'
        : table(
            ['NAME', 'VERSION', 'CHANGED', 'USED BY'],
            items.map(({ name, version, changedAt, usedBy }) => [
              name,
              String(version),
              changedAt,
              usedBy.map(({ object }) => object).join(', ') || 'nothing',
            ]),
          ),
    );
    return 'ok';
  },
};

export const secretsDelete: Command = {
  name: 'secrets delete',
  summary: 'delete a secret that nothing refers to',
  about: 'Deletes a secret. One that the draft or the live revision refers to stays.',
  arguments: [nameArgument],
  options: placeOptions,
  examples: [{ line: 'sluice secrets delete orders-hmac', about: 'it is not needed any more' }],
  run: async (context) => {
    const secret = context.argument('name') ?? '';
    const { client, path, url } = await context.place();
    valueOf(
      await context.waiting('Deleting the secret', client.call('secrets_remove', { path: { ...path, secret } })),
      url,
    );
    context.result({ name: secret, isDeleted: true }, () => `secret:${secret} is deleted.\n`);
    return 'ok';
  },
};
