// The command line against the table of commands. Options may stand anywhere; what no command knows is told with the
// nearest word that one does.
import { parseArgs } from 'node:util';
import { globalOptions, type Command, type Option } from './command.js';
import { usage } from './stop.js';

export interface Parsed {
  readonly command: Command;
  readonly arguments: ReadonlyMap<string, readonly string[]>;
  readonly options: ReadonlyMap<string, string | true>;
}

export type Line =
  | { readonly kind: 'help'; readonly words: readonly string[] }
  | { readonly kind: 'version' }
  | ({ readonly kind: 'run' } & Parsed);

export function parseLine(args: readonly string[], commands: readonly Command[]): Line {
  const { values, positionals } = read(args, commands);
  if (values.get('version') === true) return { kind: 'version' };
  if (values.has('help') || positionals.length === 0) return { kind: 'help', words: positionals };
  if (positionals[0] === 'help') return { kind: 'help', words: positionals.slice(1) };
  const command = findCommand(positionals, commands);
  const given = positionals.slice(command.name.split(' ').length);
  const known = [...command.options, ...globalOptions];
  for (const [name, value] of values) {
    const option = known.find((one) => one.name === name);
    if (option === undefined)
      throw usage(
        `\`sluice ${command.name}\` takes no --${name}. It takes ${known.map((one) => `--${one.name}`).join(', ')}.`,
      );
    if (option.values !== undefined && !option.values.includes(String(value)))
      throw usage(`--${name} takes ${option.values.join(' or ')}, not "${String(value)}".`);
  }
  return { kind: 'run', command, arguments: namedArguments(command, given), options: values };
}

/** The command that the words begin with, the longest name first. */
export function findCommand(words: readonly string[], commands: readonly Command[]): Command {
  const two = commands.find(({ name }) => name === words.slice(0, 2).join(' '));
  const found = two ?? commands.find(({ name }) => name === words[0]);
  if (found !== undefined) return found;
  const group = commands.filter(({ name }) => name.split(' ')[0] === words[0]);
  if (group.length > 0) throw usage(`Write one of: ${group.map(({ name }) => `sluice ${name}`).join(', ')}.`);
  const written = words[0] ?? '';
  const near = nearest(written, [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))]);
  throw usage(
    `There is no command "${written}"${near === undefined ? '' : `; did you mean "${near}"`}. \`sluice help\` lists all.`,
  );
}

function namedArguments(command: Command, given: readonly string[]): Parsed['arguments'] {
  const named = new Map<string, readonly string[]>();
  for (const [index, argument] of command.arguments.entries()) {
    const taken = argument.isMany === true ? given.slice(index) : given.slice(index, index + 1);
    if (taken.length === 0 && argument.isRequired)
      throw usage(`\`sluice ${command.name}\` needs <${argument.name}>: ${argument.about}.`);
    if (taken.length === 0) continue;
    const wrong = taken.find((value) => argument.values?.includes(value) === false);
    if (wrong !== undefined)
      throw usage(`<${argument.name}> is one of ${argument.values?.join(', ') ?? ''}, not "${wrong}".`);
    named.set(argument.name, taken);
  }
  const takesAll = command.arguments.at(-1)?.isMany === true;
  const extra = takesAll ? undefined : given[command.arguments.length];
  if (extra !== undefined)
    throw usage(`\`sluice ${command.name}\` does not take "${extra}": see \`sluice help ${command.name}\`.`);
  return named;
}

interface Read {
  readonly values: ReadonlyMap<string, string | true>;
  readonly positionals: readonly string[];
}

// One option of a name means the same to every command: a test sees to it. So they can be read before the command is known.
function read(args: readonly string[], commands: readonly Command[]): Read {
  const version: Option = { name: 'version', short: 'V', about: '' };
  const options = new Map<string, Option>(
    [version, ...globalOptions, ...commands.flatMap((command) => command.options)].map((option) => [
      option.name,
      option,
    ]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      [...options.values()].map(({ name, short, value }) => [
        name,
        {
          type: value === undefined ? ('boolean' as const) : ('string' as const),
          ...(short === undefined ? {} : { short }),
        },
      ]),
    ),
  });
  const values = new Map<string, string | true>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = options.get(token.name);
    if (option === undefined) {
      const near = nearest(token.name, [...options.keys()]);
      throw usage(`There is no option ${token.rawName}${near === undefined ? '' : `; did you mean --${near}`}.`);
    }
    if (option.value === undefined && token.value !== undefined)
      throw usage(`--${option.name} is a switch and takes no value.`);
    if (option.value !== undefined && token.value === undefined)
      throw usage(`--${option.name} needs a value: --${option.name} <${option.value}>.`);
    // Of two values one would count without a word: `--tag a --tag b` is another part than either.
    if (option.value !== undefined && values.has(option.name))
      throw usage(`--${option.name} is given twice; it takes one value.`);
    values.set(option.name, token.value ?? true);
  }
  return { values, positionals };
}

function nearest(written: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, distance: distanceOf(written, word) }))
    .toSorted((left, right) => left.distance - right.distance);
  return best !== undefined && best.distance <= mostTypos(written) ? best.word : undefined;
}

// Two letters in the wrong order count as two.
function mostTypos(word: string): number {
  return word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
}

// Levenshtein's distance, row by row.
function distanceOf(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [at, letter] of left.split('').entries()) {
    const next = [at + 1];
    for (const [index, other] of right.split('').entries())
      next.push(
        Math.min((next[index] ?? 0) + 1, (row[index + 1] ?? 0) + 1, (row[index] ?? 0) + (letter === other ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
