// docs/cli.md is complete and true: every command with its help, every exit code, every example.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from './commands/index.js';
import { exitCodes } from './exit-codes.js';
import { helpOf } from './help.js';
import { parseLine } from './parse-arguments.js';

const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

test.each(commands.map((command) => [command.name, command] as const))(
  'the page shows the help of %s as the command prints it',
  (name, command) => {
    const section = page.split(/^### /m).find((text) => text.startsWith(`${name}\n`));
    expect(section, `docs/cli.md has no section "### ${name}"`).toBeDefined();
    expect(section).toContain(`\`\`\`text\n${helpOf(command)}\`\`\``);
  },
);

test('the page describes no command that is not there', () => {
  const described = [...page.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
  expect(described).toEqual(commands.map(({ name }) => name));
});

test('the page has every exit code with what it says', () => {
  for (const { code, about } of Object.values(exitCodes)) expect(page).toContain(`| ${code} | ${about} |`);
  expect([...page.matchAll(/^\| \d+ \|/gm)]).toHaveLength(Object.keys(exitCodes).length);
});

test('every line of sluice on the page, and every example of help, is one that the command understands', () => {
  const shown = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'));
  const examples = commands.flatMap((command) => command.examples.map(({ line }) => line));
  const lines = [...shown, ...examples].flatMap((line) => line.match(/\bsluice [a-z][^|&;()#<>]*/g) ?? []);
  expect(lines.length).toBeGreaterThan(commands.length);
  for (const line of lines) {
    const words = [...line.trim().matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    expect(() => parseLine(words.slice(1), commands), line).not.toThrow();
  }
});
