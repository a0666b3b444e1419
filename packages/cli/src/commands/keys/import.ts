// Keys of another system, as hashes: clients go on with the keys that they have.
import { createHash, randomUUID } from 'node:crypto';
import { placeOptions, type Command, type Context } from '../../command.js';
import { readSource, type Source } from '../../document/read-source.js';
import { table } from '../../output/table.js';
import { usage, valueOf, type Stop } from '../../stop.js';
import { expectSubscription, subscriptionOption } from './options.js';

export const keysImport: Command = {
  name: 'keys import',
  summary: 'let keys of another system in, by their hashes',
  about:
    'Imports keys that clients have already, so that they go on with them: all of a list, or none. Each line is `name,hash` or `name,hash,hint`, where hash is the SHA-256 of the whole key in hex; or the list is JSON: [{"name", "hash", "hint", "scopes", "expiresAt"}]. With --clear the second column, or the member "key", is the key itself: it is hashed here, and its last four become the hint. Do not import keys that people made up: SHA-256 does not protect what can be guessed.',
  arguments: [
    { name: 'file', about: 'the list, 1000 keys at most; `-` is standard input', isRequired: true, isFile: true },
  ],
  options: [
    subscriptionOption,
    { name: 'clear', about: 'the list holds keys, not hashes; they are hashed here and never sent' },
    ...placeOptions,
  ],
  examples: [
    { line: 'sluice keys import keys.csv --subscription sub_…', about: 'name,hash on each line' },
    { line: 'export-keys | sluice keys import - --clear --subscription sub_…', about: 'name,key on each line' },
  ],
  run: async (context) => {
    const subscription = expectSubscription(context);
    const source = await readSource(context.io, context.argument('file'));
    const entries = entriesOf(source, context);
    const { client, path, url } = await context.place();
    const asked = client.call('manyCredentials_import', {
      path: { ...path, subscription },
      body: { credentials: entries.map(({ key }) => key) },
      idempotencyKey: randomUUID(),
    });
    const outcome = await context.waiting('Importing', asked);
    if (!outcome.ok && outcome.failure.kind === 'refused') {
      const { problem } = outcome.failure;
      const errors = problem.errors.map((error) => Object.assign({}, error, lineOf(error.pointer, entries)));
      valueOf({ ok: false, failure: { kind: 'refused', problem: { ...problem, errors } } }, url, source.name);
    }
    const imported = valueOf(outcome, url, source.name);
    context.result(imported, () =>
      table(
        ['KEY', 'NAME', 'HINT'],
        imported.credentials.map(({ id, name, hint }) => [id, name, hint]),
      ),
    );
    return 'ok';
  },
};

interface ImportedKey {
  readonly name: string;
  readonly hash: string;
  readonly hint?: string;
}

interface Entry {
  readonly key: ImportedKey;
  /** Of the text; undefined in JSON. */
  readonly line?: number;
}

const mostKeys = 1000;

function entriesOf(source: Source, context: Context): Entry[] {
  const isClear = context.has('clear');
  const isJson = /^\s*[[{]/.test(source.text);
  const entries = isJson ? jsonEntries(source, isClear) : lineEntries(source, isClear);
  if (entries.length === 0) throw usage(`${source.name} holds no key.`);
  if (entries.length > mostKeys)
    throw usage(`${mostKeys} keys can be imported at once, not ${entries.length}: give them in parts.`);
  return entries;
}

function lineEntries({ name: file, text }: Source, isClear: boolean): Entry[] {
  return text.split(/\r?\n/).flatMap((written, index) => {
    if (written.trim() === '' || written.startsWith('#')) return [];
    const line = index + 1;
    const [name = '', secret, hint, ...more] = written.split(',').map((part) => part.trim());
    const shape = isClear ? '`name,key`' : '`name,hash` or `name,hash,hint`';
    if (secret === undefined || more.length > 0 || (isClear && hint !== undefined))
      throw malformed(file, line, `This line is not ${shape}.`);
    const key = isClear ? hashed(secret) : { hash: secret, ...(hint === undefined ? {} : { hint }) };
    return [{ key: { name, ...key }, line }];
  });
}

// The control plane says what is wrong with each entry; only what it must not see is taken out here.
function jsonEntries({ name: file, text }: Source, isClear: boolean): Entry[] {
  const list = listIn(text);
  if (list === undefined) throw malformed(file, 1, 'This is not JSON: a list of objects is expected.');
  return list.map((entry) => {
    const { key, ...rest } = entry;
    if (!isClear && key !== undefined) throw malformed(file, 1, 'It holds keys in clear: say so with --clear.');
    if (!isClear) return { key: rest as unknown as ImportedKey };
    if (typeof key !== 'string') throw malformed(file, 1, 'With --clear each entry needs its "key", a text.');
    const { hash, hint } = hashed(key);
    return { key: { hint, ...rest, hash } as unknown as ImportedKey };
  });
}

function listIn(text: string): Record<string, unknown>[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const list: unknown =
      typeof value === 'object' && value !== null && 'credentials' in value ? value.credentials : value;
    const isList = Array.isArray(list) && list.every((entry) => typeof entry === 'object' && entry !== null);
    return isList ? (list as Record<string, unknown>[]) : undefined;
  } catch {
    return undefined;
  }
}

function hashed(key: string): { hash: string; hint: string } {
  return { hash: createHash('sha256').update(key).digest('hex'), hint: key.slice(-4) };
}

function malformed(file: string, line: number, detail: string): Stop {
  return usage(`${file}:${line}: ${detail}`);
}

function lineOf(pointer: string, entries: readonly Entry[]): { line?: number } {
  const line = entries[Number(pointer.split('/')[2])]?.line;
  return line === undefined ? {} : { line };
}
