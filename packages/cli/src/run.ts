// One run of the command, from its arguments to its exit code. Whatever goes wrong ends here, said in one form.
import { commands } from './commands/index.js';
import type { Context } from './command.js';
import { exitCodes, type ExitName } from './exit-codes.js';
import { exitCodesHelp, helpOf, overview } from './help.js';
import type { Io } from './io.js';
import { withProgress } from './output/progress.js';
import { writeFailure } from './output/write-failure.js';
import { findCommand, parseLine, type Parsed } from './parse-arguments.js';
import { findPlace } from './settings/connection.js';
import { Stop } from './stop.js';

export const version = '0.1.0';

export async function run(args: readonly string[], io: Io): Promise<number> {
  const isJson = args.includes('--json');
  try {
    return exitCodes[await act(args, io)].code;
  } catch (error) {
    const why =
      error instanceof Stop
        ? error.why
        : ({
            exit: 'broken',
            code: 'broken',
            title: 'The command broke',
            detail: `${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}. Please report this.`,
          } as const);
    writeFailure(io, why, isJson);
    return exitCodes[why.exit].code;
  }
}

async function act(args: readonly string[], io: Io): Promise<ExitName> {
  const line = parseLine(args, commands);
  if (line.kind === 'run') return line.command.run(contextOf(io, line));
  io.stdout.write(line.kind === 'version' ? `sluice ${version}\n` : helpFor(line.words));
  return 'ok';
}

function helpFor(words: readonly string[]): string {
  if (words.length === 0) return overview(commands);
  if (words[0] === 'exit-codes') return exitCodesHelp();
  const group = commands.filter(({ name }) => name.startsWith(`${words.join(' ')} `));
  return group.length > 0 ? group.map(helpOf).join('\n') : helpOf(findCommand(words, commands));
}

function contextOf(io: Io, { arguments: given, options }: Parsed): Context {
  const isJson = options.has('json');
  const option = (name: string): string | undefined => {
    const value = options.get(name);
    return value === true ? undefined : value;
  };
  const waiting: Context['waiting'] = async (what, work) => withProgress(io, what, work);
  return {
    io,
    isJson,
    waiting,
    option,
    argument: (name) => given.get(name)?.[0],
    every: (name) => given.get(name) ?? [],
    has: (name) => options.has(name),
    place: async () =>
      waiting(
        'Asking the control plane who you are',
        findPlace(io, { tenant: option('tenant'), environment: option('environment') }),
      ),
    result: (value, text) => void io.stdout.write(isJson ? `${JSON.stringify(value, undefined, 2)}\n` : text()),
    say: (text) => void (isJson || io.stderr.write(text)),
  };
}
