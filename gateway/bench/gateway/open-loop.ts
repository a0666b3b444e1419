// An open loop: requests are due at random moments (a Poisson process), whatever became of those before. Latency counts
// from the moment a request was due, so that a stall is felt by everyone who would have come in it (no "coordinated
// omission"). Runs as a program of its own on the core for everything around:
//
//   node open-loop.ts '{"port":..,"requests":["GET ..."],"perSecond":..,"seconds":..,"connections":..,"status":200}'
//
// Timers of an event loop are a millisecond coarse. A second thread sleeps to the microsecond, and wakes this one.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { aroundCore } from './cores.js';

export interface OpenLoad {
  readonly port: number;
  /** Whole requests in latin1, sent in turn. */
  readonly requests: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
  /** That may be busy at once. More requests than these wait, and their wait counts. */
  readonly connections: number;
  /** Of every answer. Another one counts as never given: a gateway that refuses is fast. */
  readonly status: number;
}

export interface Latencies {
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Of sending later than due: what the client itself adds. */
  readonly lateP99Ms: number;
}

const run = promisify(execFile);

export async function askOpenly(load: OpenLoad): Promise<Latencies> {
  const loader = new URL('../../test/run-typescript.mjs', import.meta.url).href;
  const file = new URL(import.meta.url).pathname;
  const args = ['--cpu-list', String(aroundCore), process.execPath, '--import', loader, file, JSON.stringify(load)];
  const { stdout } = await run('taskset', args);
  return JSON.parse(stdout) as Latencies;
}

// Before this the compiler has not settled, neither here nor there.
const unmeasuredMs = 500;

class OpenLoop {
  readonly #load: OpenLoad;
  readonly #idle: Socket[] = [];
  readonly #dueOf = new Map<Socket, number>();
  readonly #waiting: number[] = [];
  readonly #latencies: number[] = [];
  readonly #lateness: number[] = [];
  #fromMs = 0;
  #sent = 0;

  constructor(load: OpenLoad) {
    this.#load = load;
  }

  async run(): Promise<Latencies> {
    for (let index = 0; index < this.#load.connections; index += 1) this.#idle.push(await this.#open());
    const alarm = new Int32Array(new SharedArrayBuffer(4));
    const pace = new Worker(new URL(import.meta.url), { workerData: alarm, execArgv: process.execArgv });
    await once(pace, 'message');
    this.#fromMs = performance.now() + unmeasuredMs;
    const untilMs = this.#fromMs + this.#load.seconds * 1000;
    let dueMs = performance.now();
    await new Promise<void>((resolve, reject) => {
      pace.once('error', reject);
      pace.on('message', () => {
        const now = performance.now();
        for (; dueMs <= now; dueMs += this.#gapMs()) this.#ask(dueMs);
        if (now > untilMs) resolve();
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
        else pace.postMessage(dueMs - now);
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
      pace.postMessage(0);
    });
    await pace.terminate();
    // Nobody waits for them any longer; that they took at least so long counts.
    for (const dueMs of [...this.#dueOf.values(), ...this.#waiting]) this.#note(this.#latencies, dueMs);
    const busy = [...this.#dueOf.keys()];
    this.#dueOf.clear();
    for (const socket of [...this.#idle, ...busy]) socket.destroy();
    const [p50Ms, p99Ms, p999Ms] = [0.5, 0.99, 0.999].map((share) => at(this.#latencies, share));
    const lateP99Ms = at(this.#lateness, 0.99);
    return { requests: this.#latencies.length, p50Ms, p99Ms, p999Ms, lateP99Ms } as Latencies;
  }

  #gapMs(): number {
    return (-Math.log(1 - Math.random()) * 1000) / this.#load.perSecond;
  }

  #ask(dueMs: number): void {
    const socket = this.#idle.pop();
    if (socket === undefined) {
      this.#waiting.push(dueMs);
      return;
    }
    this.#dueOf.set(socket, dueMs);
    const { requests } = this.#load;
    socket.write(requests[this.#sent % requests.length] ?? '', 'latin1');
    this.#sent += 1;
    this.#note(this.#lateness, dueMs);
  }

  #answered(socket: Socket, isServed: boolean): void {
    const dueMs = this.#dueOf.get(socket);
    if (dueMs === undefined) return;
    this.#dueOf.delete(socket);
    if (isServed) this.#note(this.#latencies, dueMs);
    else this.#latencies.push(Number.POSITIVE_INFINITY);
    this.#idle.push(socket);
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) this.#ask(waiting);
  }

  #note(into: number[], dueMs: number): void {
    if (dueMs > this.#fromMs) into.push(performance.now() - dueMs);
  }

  async #open(): Promise<Socket> {
    const socket = connect({ port: this.#load.port, host: '127.0.0.1', noDelay: true });
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    let missing = -1;
    let isServed = true;
    socket.on('data', (chunk: Buffer) => {
      // Small answers: a head always comes whole.
      if (missing === -1) {
        isServed = chunk.toString('latin1', 0, 12) === `HTTP/1.1 ${this.#load.status}`;
        missing = answerBytesOf(chunk);
      }
      missing -= chunk.length;
      if (missing > 0) return;
      missing = -1;
      this.#answered(socket, isServed);
    });
    socket.on('close', () => {
      if (this.#dueOf.has(socket)) throw new Error('a connection was closed before its answer');
    });
    return socket;
  }
}

function answerBytesOf(chunk: Buffer): number {
  const text = chunk.toString('latin1', 0, 2048);
  const bodyBytes = /^content-length: *(\d+)/im.exec(text)?.[1];
  if (bodyBytes === undefined) throw new Error(`not an answer that can be measured: ${text}`);
  return text.indexOf('\r\n\r\n') + 4 + Number(bodyBytes);
}

function at(numbers: readonly number[], share: number): number {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The pace: sleeps as long as it is told to, then wakes the other thread. */
async function keepPace(alarm: Int32Array<SharedArrayBuffer>): Promise<void> {
  const { parentPort } = await import('node:worker_threads');
  parentPort?.on('message', (ms: number) => {
    if (ms > 0) Atomics.wait(alarm, 0, 0, ms);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
    parentPort.postMessage(0);
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
  parentPort?.postMessage(0);
}

if (!isMainThread) await keepPace(workerData as Int32Array<SharedArrayBuffer>);
else if (process.argv[1] === new URL(import.meta.url).pathname)
  process.stdout.write(JSON.stringify(await new OpenLoop(JSON.parse(process.argv[2] ?? '') as OpenLoad).run()));
