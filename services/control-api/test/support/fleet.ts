// Gateways as they are deployed, one process each, with their Redis and an upstream that says yes.
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startProcess, startRedis, waitFor, type RunningProcess, type RunningRedis } from '@sluice/local-stack';
import { fleetToken, type ControlPlane } from './control-plane.js';

const main = fileURLToPath(new URL('../../../../gateway/dist/main.js', import.meta.url));
const askEveryMs = 2;
const answerWithinMs = 30_000;

export interface Gateway {
  readonly port: number;
  readonly opsUrl: string;
  /** What it has logged. */
  readonly lines: readonly string[];
  readonly process: RunningProcess;
  stop(): Promise<void>;
}

export class Fleet {
  readonly upstreamUrl: string;
  readonly #plane: ControlPlane;
  readonly #folder: string;
  readonly #upstream: Server;
  readonly #redis: RunningRedis;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #gateways = new Set<Gateway>();

  private constructor(plane: ControlPlane, folder: string, upstream: Server, redis: RunningRedis) {
    this.#plane = plane;
    this.#folder = folder;
    this.#upstream = upstream;
    this.#redis = redis;
    this.upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  }

  static async start(plane: ControlPlane, folder: string): Promise<Fleet> {
    const redis = await startRedis();
    const upstream = createServer((req, res) => {
      req.resume();
      res.end('{}');
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    return new Fleet(plane, folder, upstream, redis);
  }

  /** Resolves when it is ready: it serves what the control plane has, or what it kept under this name when that is away. */
  async add(name: string, env: Readonly<Record<string, string>> = {}): Promise<Gateway> {
    let ports = { port: 0, opsPort: 0 };
    const lines: string[] = [];
    const running = await startProcess({
      name,
      command: process.execPath,
      args: [main],
      env: {
        CONTROL_URL: this.#plane.url,
        FLEET_TOKEN: fleetToken,
        GATEWAY_ID: name,
        HOST: '127.0.0.1',
        PORT: '0',
        OPS_PORT: '0',
        THREADS: '1',
        DATA_DIR: join(this.#folder, name),
        REDIS_LIMITS_URL: this.#redis.url,
        REDIS_QUEUE_URL: this.#redis.url,
        UPSTREAM_ALLOW: '127.0.0.0/8',
        // Processes of a measurement share their cores with each other.
        SHED_DELAY_MS: '0',
        SHIP_BOUND_MS: '100',
        ...env,
      },
      readyLine: /"msg":"listening"/,
      onLine: (line) => {
        lines.push(line);
        if (line.includes('"msg":"listening"')) ports = JSON.parse(line) as typeof ports;
      },
    });
    const { port, opsPort } = ports;
    await waitFor(async () => (await fetch(`http://127.0.0.1:${opsPort}/readyz`)).ok, {
      what: `the gateway ${name} is ready`,
      timeoutMs: 120_000,
    });
    const gateway: Gateway = {
      port,
      opsUrl: `http://127.0.0.1:${opsPort}`,
      lines,
      process: running,
      stop: async () => {
        this.#gateways.delete(gateway);
        await running.stop();
      },
    };
    this.#gateways.add(gateway);
    return gateway;
  }

  /** Resolves when each gateway has answered a request of this key with the status, asked over and over. */
  async untilAll(slug: string, key: string, status: number, path = '/route-0'): Promise<void> {
    await Promise.all(
      [...this.#gateways].map(async ({ port }) => {
        while ((await this.ask(port, { slug, key, path })) !== status) await delay(askEveryMs);
      }),
    );
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#gateways].map(async (gateway) => gateway.stop()));
    this.#agent.destroy();
    this.#upstream.closeAllConnections();
    this.#upstream.close();
    await this.#redis.stop();
  }

  /** The status. */
  ask(port: number, { slug, key, path }: { slug: string; key: string; path: string }): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { host: `${slug}.localhost`, 'x-api-key': key };
      const asked = request({ agent: this.#agent, host: '127.0.0.1', port, path, headers }, (res) => {
        res.resume().once('end', () => resolve(res.statusCode ?? 0));
      });
      asked.once('error', reject).once('close', () => reject(new Error(`${path} was not answered whole`)));
      asked.setTimeout(answerWithinMs, () => asked.destroy(new Error(`${path} was not answered in time`))).end();
    });
  }
}
