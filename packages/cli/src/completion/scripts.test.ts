// Completion: bash is asked itself; of zsh and fish, which a machine may lack, what the scripts hold is read.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { globalOptions } from '../command.js';
import { commands } from '../commands/index.js';
import { completionScript, shells } from './scripts.js';

function completed(line: string): string[] {
  const words = line.split(' ');
  const script = `${completionScript('bash', commands)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter((word) => word !== '');
}

test('bash completes commands, their second words, options and what options take', () => {
  expect(completed('sluice ')).toEqual(expect.arrayContaining(['login', 'keys', 'help', 'completion']));
  expect(completed('sluice ').filter((word) => word === 'keys')).toHaveLength(1);
  expect(completed('sluice pub')).toEqual(['publish']);
  expect(completed('sluice keys ')).toEqual(['list', 'create', 'rotate', 'import', 'revoke']);
  expect(completed('sluice keys create --sub')).toEqual(['--subscription']);
  expect(completed('sluice publish --w')).toEqual(['--wait', '--wait-seconds']);
  expect(completed('sluice diff --mode ')).toEqual(['sync', 'apply']);
  expect(completed('sluice --json diff --ag')).toEqual(['--against']);
  expect(completed('sluice completion f')).toEqual(['fish']);
});

test('bash completes files where a command takes one', () => {
  expect(completed('sluice validate scripts.te')).toEqual(['scripts.test.ts']);
  expect(completed('sluice dump --output scripts.te')).toEqual(['scripts.test.ts']);
  expect(completed('sluice status scripts.te')).toEqual([]);
});

test.each(shells)('the script for %s knows every command and every option', (shell) => {
  const script = completionScript(shell, commands);
  for (const { name, options } of commands) {
    for (const word of name.split(' ')) expect(script, name).toContain(word);
    for (const option of [...options, ...globalOptions])
      expect(script, option.name).toContain(shell === 'fish' ? `-l ${option.name}` : `--${option.name}`);
  }
});

test('quotes in descriptions end no string', () => {
  const [first] = commands;
  if (first === undefined) throw new Error('no commands');
  const odd = [{ ...first, summary: "it's $(odd) \\" }];
  expect(completionScript('fish', odd)).toContain(String.raw`-d 'it\'s $(odd) \\'`);
  expect(completionScript('zsh', odd)).toContain(String.raw`:it'\''s $(odd) \'`);
});
