// A tenant that floods, as a program of its own beside the one that measures: requests that are refused, bodies that trickle,
// connections that are opened and closed. It counts nothing and takes every answer.
//
//   node flooding.ts '{"kind":"limited","port":..,"perSecond":..}'
import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { aroundCore } from './cores.js';
import { floodingHost } from './workloads.js';

export type FloodKind = 'limited' | 'bad-keys' | 'slow-bodies' | 'handshakes' | 'not-found';

export interface FloodOptions {
  readonly kind: FloodKind;
  readonly port: number;
  /** Requests or handshakes. */
  readonly perSecond: number;
}

export interface Flood {
  stop(): Promise<void>;
}

/** Resolves when the flood has begun. */
export async function startFlood(options: FloodOptions): Promise<Flood> {
  const loader = new URL('../../test/run-typescript.mjs', import.meta.url).href;
  const file = new URL(import.meta.url).pathname;
  const args = ['--cpu-list', String(aroundCore), process.execPath, '--import', loader, file, JSON.stringify(options)];
  const child = spawn('taskset', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const begun = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  await Promise.race([
    begun,
    exited.then(() => {
      throw new Error(`the flood of ${options.kind} ended by itself`);
    }),
  ]);
  return {
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const stepMs = 5;
const requestConnections = 64;
const slowBodies = 500;
const trickleMs = 100;
// A handshake costs kernel and client more than a request does.
const mostHandshakes = 2000;

const request = (method: string, path: string, more = ''): string =>
  `${method} ${path} HTTP/1.1\r\nHost: ${floodingHost}\r\n${more}\r\n`;

function flood({ kind, port, perSecond }: FloodOptions): void {
  switch (kind) {
    case 'limited':
      return sendRequests(port, perSecond, request('GET', '/limited'));
    case 'bad-keys':
      return sendRequests(port, perSecond, request('GET', '/keyed', 'X-Api-Key: nobodys_key_0123456789abcdef\r\n'));
    case 'not-found':
      return sendRequests(port, perSecond, request('GET', '/nowhere'));
    case 'slow-bodies':
      for (let index = 0; index < slowBodies; index += 1) trickle(port);
      return;
    case 'handshakes':
      return every(Math.min(mostHandshakes, perSecond), () => {
        const socket = open(port, () => socket.destroy());
      });
    default:
      kind satisfies never;
  }
}

// One after another on each connection; where answers stay away, so do requests.
function sendRequests(port: number, perSecond: number, text: string): void {
  const idle: Socket[] = [];
  for (let index = 0; index < requestConnections; index += 1) {
    const socket = open(port, () => idle.push(socket));
    socket.on('data', () => idle.push(socket));
    socket.on('close', () => {
      throw new Error('a flooding connection was closed');
    });
  }
  every(perSecond, () => idle.pop()?.write(text, 'latin1'));
}

function trickle(port: number): void {
  let timer: NodeJS.Timeout | undefined;
  const socket = open(port, () => {
    socket.write(request('POST', '/open', 'Content-Length: 1000000\r\n'));
    timer = setInterval(() => socket.write('x'), trickleMs);
  });
  // Refused for its slowness: another one comes.
  socket.on('close', () => {
    clearInterval(timer);
    setTimeout(() => trickle(port), trickleMs);
  });
}

function open(port: number, onOpen: () => void): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }, onOpen);
  socket.on('error', () => socket.destroy());
  socket.resume();
  return socket;
}

function every(perSecond: number, action: () => void): void {
  let owed = 0;
  let lastMs = performance.now();
  setInterval(() => {
    const now = performance.now();
    // What could not be sent for long is not made up for.
    owed = Math.min(owed + ((now - lastMs) * perSecond) / 1000, (perSecond * stepMs * 10) / 1000);
    lastMs = now;
    for (; owed >= 1; owed -= 1) action();
  }, stepMs);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  flood(JSON.parse(process.argv[2] ?? '') as FloodOptions);
  setTimeout(() => process.stdout.write('begun\n'), 300);
}
