// What a process test needs around a gateway: a real Redis, a control plane, real upstreams, a folder.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { upstreamSpecSchema } from '@sluice/contracts';
import { startRedis, temporaryFolder, waitFor } from '@sluice/local-stack';
import type { z } from 'zod';
import { FeedServer } from './feed-server.js';
import { environmentOf, GatewayProcess } from './gateway-process.js';
import { acme } from './tls-pairs.js';
import type { Pair } from './tls-pairs.js';

export interface Upstream {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
}

export class Stack {
  readonly feed = new FeedServer();
  readonly #gateways: GatewayProcess[] = [];
  readonly #upstreams: Server[] = [];
  #redis: Awaited<ReturnType<typeof startRedis>> | undefined;
  #folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined;

  static async start(): Promise<Stack> {
    const stack = new Stack();
    stack.#folder = await temporaryFolder('sluice-gateway-');
    stack.#redis = await startRedis();
    await stack.feed.start();
    return stack;
  }

  get dataDir(): string {
    return `${this.#folder?.path ?? ''}/data`;
  }

  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      ...environmentOf({ controlUrl: this.feed.url, redisUrl: this.#redis?.url ?? '', dataDir: this.dataDir }),
      ...more,
    };
  }

  /** What makes a gateway listen over TLS too, with these certificates. */
  tlsEnvironment(pairs: Readonly<Record<string, Pair>> = { acme }): Record<string, string> {
    for (const [name, pair] of Object.entries(pairs)) this.putCertificate(name, pair);
    return { TLS_PORT: '0', TLS_CERTIFICATES_DIR: this.#certificatesDir };
  }

  /** As a careful operator does it: whole files take the place of whole files. */
  putCertificate(name: string, { crt, key }: Pair): void {
    mkdirSync(this.#certificatesDir, { recursive: true });
    for (const [ending, text] of Object.entries({ key, crt })) {
      const path = join(this.#certificatesDir, `${name}.${ending}`);
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    }
  }

  gateway(more: Readonly<Record<string, string>> = {}): GatewayProcess {
    const gateway = new GatewayProcess(this.environment(more));
    this.#gateways.push(gateway);
    return gateway;
  }

  async readyGateway(more: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
    const gateway = this.gateway(more);
    await gateway.untilReady();
    return gateway;
  }

  async upstream(listener: RequestListener): Promise<Upstream> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#upstreams.push(server);
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, port, server };
  }

  /** Resolves when the gateway has told the control plane that it stands at the feed's head. */
  async untilCaughtUp(): Promise<void> {
    const { position } = this.feed;
    await waitFor(() => this.feed.heartbeats.some((beat) => beat.position >= position), {
      what: `a gateway has reached position ${position}`,
    });
  }

  /** The generation that serves now; undefined: none does. */
  servingPid(): number | undefined {
    try {
      return Number(readFileSync(join(this.dataDir, 'gateway.pid'), 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** All that lies in a gateway's spool, file by file. */
  spooled(dataDir = this.dataDir): string[] {
    return readdirSync(join(dataDir, 'spool'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  }

  get #certificatesDir(): string {
    return `${this.dataDir}-certificates`;
  }

  async stop(): Promise<void> {
    this.#endSuccessor();
    await Promise.all(this.#gateways.map(async (gateway) => gateway.stop()));
    for (const server of this.#upstreams) {
      server.closeAllConnections();
      server.close();
    }
    await this.feed.stop();
    await this.#redis?.stop();
    await this.#folder?.remove();
  }

  // After a take-over, whoever serves is not the test's own child. Its end is waited for with that of the first: it has the
  // same output.
  #endSuccessor(): void {
    const pid = this.servingPid();
    if (pid === undefined || this.#gateways.some((gateway) => gateway.pid === pid)) return;
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It has ended.
    }
  }
}

/** A document with one API, whose routes are given by what differs. */
export function documentOf(
  upstreams: Readonly<Record<string, string | z.input<typeof upstreamSpecSchema>>>,
  routes: readonly Record<string, unknown>[],
  limits: readonly { window: string }[] = [],
  plans: Readonly<Record<string, unknown>> = {},
): unknown {
  return {
    sluice: 1,
    upstreams: Object.fromEntries(
      Object.entries(upstreams).map(([name, one]) => [
        name,
        typeof one === 'string' ? { targets: [{ url: one }] } : one,
      ]),
    ),
    apis: { orders: { title: 'Orders', routes }, other: { title: 'Other', routes: [] } },
    plans: {
      free: { title: 'Free', apis: ['orders'], limits },
      elsewhere: { title: 'Elsewhere', apis: ['other'], limits: [] },
      ...plans,
    },
  };
}

export function routeTo(
  upstream: string,
  prefix: string,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    name: prefix.slice(1).replaceAll('/', '-') || 'root',
    match: { path: { prefix } },
    split: { arms: [{ name: 'stable', upstream, weight: 10_000 }] },
    ...more,
  };
}

export const withKey = { policies: [{ 'api-key': {} }] } as const;
