// Completion for shells: the script, to be read by the shell.
import type { Command } from '../command.js';
import { completionScript, shells, type Shell } from '../completion/scripts.js';

/** @param all the commands; asked for late, because this is one of them. */
export function completionFor(all: () => readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'print the completion of a shell',
    about: 'Prints a script that completes commands, options and their values in a shell.',
    arguments: [{ name: 'shell', about: shells.join(', '), isRequired: true, values: shells }],
    options: [],
    examples: [
      { line: 'source <(sluice completion bash)', about: 'bash, in ~/.bashrc' },
      { line: 'source <(sluice completion zsh)', about: 'zsh, in ~/.zshrc, after compinit' },
      { line: 'sluice completion fish > ~/.config/fish/completions/sluice.fish', about: 'fish' },
    ],
    run: async (context) => {
      const shell = context.argument('shell') as Shell;
      const script = completionScript(shell, all());
      context.result({ shell, script }, () => script);
      return Promise.resolve('ok' as const);
    },
  };
}
