// Starts the next generation: the program as it now lies on the disk, with this process's arguments, environment and sockets.
// Resolves with true once it serves. Until then nothing has changed here; if it ends, or does not serve in time, all stays as
// it was.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Logger } from '@sluice/runtime';
import type { Estate } from './estate.js';
import { takeOverArgument } from './estate.js';

// Where the channel and the sockets stand in the child: behind stdin, stdout and stderr.
const firstSocket = 4;

export async function raiseSuccessor(
  estate: Estate,
  logger: Logger,
  withinMs: number,
  stopped: AbortSignal,
): Promise<{ readonly pid: number } | undefined> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, ...process.argv.slice(1).filter((one) => one !== takeOverArgument), takeOverArgument],
    { stdio: ['inherit', 'inherit', 'inherit', 'ipc', ...estate.traffic, ...estate.tls, estate.ops] },
  );
  const isServing = await served(child, estate, withinMs, stopped);
  if (child.connected) child.disconnect();
  // It lives on when this process ends.
  child.unref();
  if (isServing && child.pid !== undefined) return { pid: child.pid };
  if (!stopped.aborted)
    logger.error(
      { pid: child.pid, exitCode: child.exitCode },
      'the new version did not come to serve; this one goes on. Its own log lines say why',
    );
  child.kill('SIGKILL');
  return undefined;
}

async function served(child: ChildProcess, estate: Estate, withinMs: number, stopped: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), withinMs);
    const answer = (isServing: boolean): void => {
      clearTimeout(timer);
      resolve(isServing);
    };
    stopped.addEventListener('abort', () => answer(false), { once: true });
    child.once('error', () => answer(false)); // it could not be started
    child.once('exit', () => answer(false));
    child.once('message', (message) => answer(message === 'serving'));
    const passed: Estate = {
      ...estate,
      traffic: estate.traffic.map((_, index) => firstSocket + index),
      tls: estate.tls.map((_, index) => firstSocket + estate.traffic.length + index),
      ops: firstSocket + estate.traffic.length + estate.tls.length,
    };
    child.send(passed, (error) => {
      if (error !== null) answer(false);
    });
  });
}
