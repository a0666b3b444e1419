// The command as people run it: the linked file, in a process of its own, with an environment of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  /** Without notes that something takes long: whether there are any is the machine's affair. */
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
}

const { NODE_COMPILE_CACHE } = process.env;
const compileCache: Record<string, string> = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
const stillAtIt = /^.* …\n/gm;
const bin = fileURLToPath(new URL('../../bin/sluice.mjs', import.meta.url));

export async function sluice(args: readonly string[], { env = {}, stdin, cwd }: RunOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...compileCache, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  // A command that refuses at once has closed its end before all is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin ?? '');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr: stderr.replaceAll(stillAtIt, '') };
}
