// The gateway as a real process, as it is deployed: started by its environment, ended by signals.
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@sluice/local-stack';
import { fleetToken, host } from './feed-server.js';
import { residentBytesOf } from './resident-bytes.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const { NODE_COMPILE_CACHE } = process.env;
const compileCache: Record<string, string> = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Sent {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

export class GatewayProcess {
  output = '';
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [main], {
      env: { PATH: process.env['PATH'] ?? '', ...compileCache, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.#child.stderr.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.exited = new Promise((resolve) => this.#child.once('close', (code) => resolve(code)));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get residentBytes(): number {
    return residentBytesOf(this.pid);
  }

  get port(): number {
    return this.#listening().port;
  }

  get opsPort(): number {
    return this.#listening().opsPort;
  }

  /** Of a gateway that listens over TLS too. */
  get tlsPort(): number {
    return this.#listening().tlsPort;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGTERM');
    return this.exited;
  }

  async untilListening(): Promise<void> {
    await waitFor(() => this.output.includes('"msg":"listening"') || this.#child.exitCode !== null, {
      what: 'the gateway listens',
      timeoutMs: 60_000,
    });
    this.#listening();
  }

  async untilReady(): Promise<void> {
    await this.untilListening();
    await waitFor(async () => (await this.ready()).status === 200, { what: 'the gateway is ready', timeoutMs: 30_000 });
  }

  async ready(): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`http://127.0.0.1:${this.opsPort}/readyz`);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.opsPort}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(name) && !one.startsWith('#'));
    return Number(line?.slice(line.lastIndexOf(' ')) ?? Number.NaN);
  }

  async send(path: string, sent: Sent = {}): Promise<Answer> {
    const res = await this.open(path, sent);
    const chunks: Buffer[] = [];
    for await (const chunk of res) chunks.push(chunk as Buffer);
    return { status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks).toString() };
  }

  /** The answer's head; its body has not been read. */
  async open(
    path: string,
    { method = 'GET', host: toHost = host, headers = {}, body }: Sent = {},
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const req = httpRequest(
        { port: this.port, host: '127.0.0.1', path, method, headers: { host: toHost, ...headers }, agent: false },
        resolve,
      );
      req.once('error', reject);
      req.end(body);
    });
  }

  #listening(): { port: number; opsPort: number; tlsPort: number } {
    const line = this.output.split('\n').find((one) => one.includes('"msg":"listening"'));
    if (line === undefined) throw new Error(`the gateway does not listen yet:\n${this.output}`);
    return JSON.parse(line) as { port: number; opsPort: number; tlsPort: number };
  }
}

/** The least environment that a gateway starts with, on free ports. */
export function environmentOf(more: { controlUrl: string; redisUrl: string; dataDir: string }): Record<string, string> {
  return {
    CONTROL_URL: more.controlUrl,
    FLEET_TOKEN: fleetToken,
    GATEWAY_ID: 'gw-test',
    HOST: '127.0.0.1',
    PORT: '0',
    OPS_PORT: '0',
    THREADS: '2',
    DATA_DIR: more.dataDir,
    REDIS_LIMITS_URL: more.redisUrl,
    REDIS_QUEUE_URL: more.redisUrl,
    UPSTREAM_ALLOW: '127.0.0.0/8',
    // Nobody acknowledges records here.
    SHIP_BOUND_MS: '100',
    // A test's machine may be as slow as it likes; tests of overload set it.
    SHED_DELAY_MS: '0',
  };
}
