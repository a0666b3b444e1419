// Starts one program as the leader of its own process group, waits until it is ready, keeps its last lines for error
// messages, and ends it by pid. Ctrl-C in a terminal does not reach it (other group): whoever started it decides the order.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { guardAgainstOrphaning } from './watchdog.js';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to PATH, HOME and the like; nothing else of this process's environment is passed on. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Ready when this answers 2xx. */
  readonly readyUrl?: string;
  /** Ready when a line of its output matches (and the match is returned as `readyMatch`). */
  readonly readyLine?: RegExp;
  readonly readyTimeoutMs?: number;
  readonly onExit?: (exit: ProcessExit) => void;
  readonly onLine?: (line: string) => void;
  /** Its output is also appended to this file. */
  readonly logFile?: string;
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  /** After this long `stop()` goes from the stop signal to SIGKILL. */
  readonly stopTimeoutMs?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly signal?: AbortSignal;
}

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly readyMatch: RegExpMatchArray | undefined;
  readonly exited: Promise<ProcessExit>;
  isRunning(): boolean;
  /** The last 40 lines of its output. */
  lastLines(): string;
  /** The stop signal, then SIGKILL after `stopTimeoutMs`. */
  stop(): Promise<ProcessExit>;
  /** SIGKILL to the whole process group. */
  kill(): Promise<ProcessExit>;
}

const keptLines = 40;
const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'NODE_COMPILE_CACHE',
  'NODE_EXTRA_CA_CERTS',
  'DOCKER_HOST',
];

const basicEnvironment = (): Record<string, string> => {
  const env: Record<string, string> = {};
  for (const name of passedOn) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
};

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: the group is gone, which is what was wanted.
  }
};

export const startProcess = async (options: ProcessOptions): Promise<RunningProcess> => {
  const { name, command, args = [], stopSignal = 'SIGTERM', stopTimeoutMs = 10_000 } = options;
  options.signal?.throwIfAborted();
  const env: Record<string, string | undefined> = { ...basicEnvironment(), ...options.env };
  const child = spawn(command, [...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });

  const lines: string[] = [];
  const lastLines = (): string => lines.join('\n');
  const log =
    options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  log?.on('error', () => {});
  let readyMatch: RegExpMatchArray | undefined;
  let onReadyLine: (() => void) | undefined;
  const read = (stream: Readable): void => {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      log?.write(`${line}\n`);
      options.onLine?.(line);
      if (readyMatch === undefined && options.readyLine) {
        readyMatch = options.readyLine.exec(line) ?? undefined;
        if (readyMatch) onReadyLine?.();
      }
    });
  };
  read(child.stdout);
  read(child.stderr);

  const { pid } = child;
  if (pid === undefined) {
    const error = await new Promise<Error>((resolve) => {
      child.once('error', resolve);
    });
    throw new Error(`${name} did not start: ${command}: ${error.message}`, { cause: error });
  }
  child.on('error', () => {});

  const release = guardAgainstOrphaning(pid, stopSignal === 'SIGINT' ? 'INT' : 'TERM');
  let isAlive = true;
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', () => {
      isAlive = false;
    });
    // "close" comes after the last output, so that the last lines of a crash are complete.
    child.once('close', (code, signal) => {
      signalGroup(pid, 'SIGKILL');
      release();
      log?.end();
      resolve({ code, signal });
      options.onExit?.({ code, signal });
    });
    // A grandchild that keeps the pipes open must not hold "close" back.
    child.once('exit', () => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, 500).unref();
    });
  });

  const kill = async (): Promise<ProcessExit> => {
    if (isAlive) signalGroup(pid, 'SIGKILL');
    return exited;
  };
  const stop = async (): Promise<ProcessExit> => {
    if (isAlive) child.kill(stopSignal);
    const timer = setTimeout(() => {
      signalGroup(pid, 'SIGKILL');
    }, stopTimeoutMs);
    try {
      return await exited;
    } finally {
      clearTimeout(timer);
    }
  };

  const isReady = async (): Promise<void> => {
    if (options.readyLine && readyMatch === undefined) {
      await new Promise<void>((resolve) => {
        onReadyLine = resolve;
      });
    }
    if (options.readyUrl !== undefined) await answers(options.readyUrl, () => isAlive);
  };
  const timeoutMs = options.readyTimeoutMs ?? 30_000;
  const deadline = new AbortController();
  const aborted = new Promise<'aborted'>((resolve) => {
    options.signal?.addEventListener('abort', () => {
      resolve('aborted');
    });
  });
  const first = await Promise.race([
    isReady().then(() => 'ready' as const),
    exited,
    delay(timeoutMs, 'late' as const, { signal: deadline.signal }),
    aborted,
  ]);
  deadline.abort();
  if (first === 'ready' && isAlive) {
    return {
      name,
      pid,
      exited,
      kill,
      stop,
      lastLines,
      isRunning: () => isAlive,
      get readyMatch() {
        return readyMatch;
      },
    };
  }
  const exit = await kill();
  if (first === 'aborted') throw new Error(`${name} was stopped while it started.`);
  const how = exit.code === null ? `was ended by ${exit.signal ?? 'a signal'}` : `ended with code ${exit.code}`;
  const what = first === 'late' ? `was not ready within ${timeoutMs} ms` : `${how} before it was ready`;
  throw new Error(`${name} ${what}. Its last lines:\n${lastLines() || '(it wrote nothing)'}`);
};

const answers = async (url: string, isAlive: () => boolean): Promise<void> => {
  while (isAlive()) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await delay(50);
  }
};
