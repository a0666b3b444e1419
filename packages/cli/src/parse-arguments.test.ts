// The command line: what is understood, and what is said where it is not.
import { expect, test } from 'vitest';
import { commands } from './commands/index.js';
import { globalOptions } from './command.js';
import { parseLine } from './parse-arguments.js';
import { Stop } from './stop.js';

const parse = (line: string) => parseLine(line === '' ? [] : line.split(' '), commands);

function refusalOf(line: string): string {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof Stop && error.why.exit === 'usage') return error.why.detail;
    throw error;
  }
  throw new Error(`"${line}" was understood`);
}

test('options may stand before, between and after, in both forms', () => {
  for (const line of [
    'diff file.yaml --against live --json -e staging',
    '--json -e staging diff --against=live file.yaml',
    'diff -e staging file.yaml --json --against live',
  ]) {
    const parsed = parse(line);
    if (parsed.kind !== 'run') throw new Error(parsed.kind);
    expect(parsed.command.name).toBe('diff');
    expect(Object.fromEntries(parsed.arguments)).toEqual({ file: ['file.yaml'] });
    expect(Object.fromEntries(parsed.options)).toEqual({ against: 'live', json: true, environment: 'staging' });
  }
});

test('a single dash is an argument, and what follows two dashes too', () => {
  for (const [line, file] of [
    ['validate -', '-'],
    ['validate -- --odd.yaml', '--odd.yaml'],
  ] as const)
    expect(parse(line)).toMatchObject({ kind: 'run', arguments: new Map([['file', [file]]]) });
});

test('commands of two words are found by both', () => {
  expect(parse('keys --json revoke key_1')).toMatchObject({ kind: 'run', command: { name: 'keys revoke' } });
  expect(refusalOf('keys')).toContain(
    'sluice keys list, sluice keys create, sluice keys rotate, sluice keys import, sluice keys revoke',
  );
});

test('help and version are asked for in every way that people try', () => {
  expect(parse('')).toEqual({ kind: 'help', words: [] });
  expect(parse('help diff')).toEqual({ kind: 'help', words: ['diff'] });
  expect(parse('keys create -h')).toEqual({ kind: 'help', words: ['keys', 'create'] });
  expect(parse('--version')).toEqual({ kind: 'version' });
  expect(parse('-V')).toEqual({ kind: 'version' });
});

test('what is not understood is told with what would be', () => {
  expect(refusalOf('pubish')).toContain('did you mean "publish"');
  expect(refusalOf('frobnicate')).not.toContain('did you mean');
  expect(refusalOf('publish --wiat')).toContain('did you mean --wait');
  expect(refusalOf('publish --against live')).toContain('takes no --against');
  expect(refusalOf('diff --against')).toBe('--against needs a value: --against <draft|live|number>.');
  expect(refusalOf('dump --tag a -e staging --tag b')).toBe('--tag is given twice; it takes one value.');
  expect(refusalOf('publish --wait=yes')).toBe('--wait is a switch and takes no value.');
  expect(refusalOf('dump --format xml')).toBe('--format takes yaml or json, not "xml".');
  expect(refusalOf('completion tcsh')).toBe('<shell> is one of bash, zsh, fish, not "tcsh".');
  expect(refusalOf('explain')).toContain('needs <request>');
  expect(refusalOf('validate a b')).toContain('does not take "b"');
});

test('an option means the same to every command that takes it', () => {
  const kinds = new Map<string, string>();
  for (const { name, short, value } of [...globalOptions, ...commands.flatMap(({ options }) => options)]) {
    const kind = `${short ?? ''} ${value === undefined ? 'switch' : 'value'}`;
    expect(kinds.get(name) ?? kind, name).toBe(kind);
    kinds.set(name, kind);
  }
  for (const { name, arguments: given } of commands)
    for (const [index, argument] of given.entries())
      expect(argument.isRequired && index > 0 && !(given[index - 1]?.isRequired ?? true), name).toBe(false);
});
