// The configuration of the gateway that is measured, and the gateway itself: its document and credentials come through a
// change feed, its limits and records go through a real Redis, and a consumer of the queue acknowledges what it ships.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { acknowledgementKey, segmentQueueName, type SegmentJob } from '@sluice/contracts';
import { startRedis, waitFor, type RunningProcess } from '@sluice/local-stack';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { FeedServer, fleetToken, otherOwner as flooding } from '../../test/feed-server.js';
import { acme } from '../../test/tls-pairs.js';
import { startPinned } from './cores.js';
import type { UpstreamServer } from './nginx.js';
import { floodingHost, keyOf, type Contestant, type Size } from './workloads.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
// What one API may hold.
const routesAnApi = 2000;

export interface QueueAndLimits {
  readonly url: string;
  stop(): Promise<void>;
}

/** Redis, and what takes segments off the queue as the log-worker does, without a ClickHouse behind it. */
export async function startQueueAndLimits(): Promise<QueueAndLimits> {
  const redis = await startRedis();
  const connect = (): Redis => new Redis(redis.url, { maxRetriesPerRequest: null });
  const acknowledging = connect();
  const connection = connect();
  const worker = new Worker<SegmentJob>(
    segmentQueueName,
    async ({ data }) => void (await acknowledging.rpush(acknowledgementKey(data.gatewayId), data.segmentId)),
    { connection },
  );
  return {
    url: redis.url,
    stop: async () => {
      await worker.close(true);
      acknowledging.disconnect();
      connection.disconnect();
      await redis.stop();
    },
  };
}

export interface Gateway extends Contestant {
  readonly tlsPort: number;
  readonly opsPort: number;
  readonly size: Size;
  stop(): Promise<void>;
}

export interface GatewayOptions {
  /** Letters, digits and dashes. */
  readonly name: string;
  readonly size: Size;
  readonly folder: string;
  readonly upstream: UpstreamServer;
  readonly redisUrl: string;
  readonly core: number;
  /** Requests are refused when the thread is late. Otherwise not: a core that others use for a while looks like too much load. */
  readonly mayShed: boolean;
  /** Before the program's name: `--cpu-prof` and the like. */
  readonly nodeOptions?: readonly string[];
}

/** A gateway with one worker thread, ready to serve. */
export async function startGateway({
  name,
  size,
  folder,
  upstream,
  redisUrl,
  core,
  mayShed,
  nodeOptions = [],
}: GatewayOptions): Promise<Gateway> {
  const feed = new FeedServer();
  fillFeed(feed, size, upstream);
  await feed.start();
  const own = join(folder, name);
  await writeCertificate(join(own, 'certificates'));
  let listening: Pick<Gateway, 'port' | 'tlsPort' | 'opsPort'> | undefined;
  let process: RunningProcess | undefined;
  try {
    process = await startPinned(core, {
      name,
      command: globalThis.process.execPath,
      args: [...nodeOptions, main],
      env: {
        CONTROL_URL: feed.url,
        FLEET_TOKEN: fleetToken,
        GATEWAY_ID: name,
        HOST: '127.0.0.1',
        PORT: '0',
        OPS_PORT: '0',
        TLS_PORT: '0',
        TLS_CERTIFICATES_DIR: join(own, 'certificates'),
        THREADS: '1',
        DATA_DIR: join(own, 'data'),
        REDIS_LIMITS_URL: redisUrl,
        REDIS_QUEUE_URL: redisUrl,
        UPSTREAM_ALLOW: '127.0.0.0/8',
        ...(mayShed ? {} : { SHED_DELAY_MS: '0' }),
      },
      readyLine: /"msg":"listening"/,
      onLine: (line) => {
        if (line.includes('"msg":"listening"')) listening = JSON.parse(line) as typeof listening;
      },
    });
    const { port, tlsPort, opsPort } = listening ?? { port: 0, tlsPort: 0, opsPort: 0 };
    await waitFor(async () => (await fetch(`http://127.0.0.1:${opsPort}/readyz`)).ok, {
      what: `${name} is ready`,
      timeoutMs: 60_000,
    });
    const running = process;
    return {
      name,
      port,
      tlsPort,
      opsPort,
      size,
      process: running,
      stop: async () => {
        await running.stop();
        await feed.stop();
      },
    };
  } catch (error) {
    await process?.kill();
    await feed.stop();
    throw error;
  }
}

async function writeCertificate(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'acme.crt'), acme.crt);
  await writeFile(join(directory, 'acme.key'), acme.key, { mode: 0o600 });
}

function fillFeed(feed: FeedServer, size: Size, upstream: UpstreamServer): void {
  feed.publish(documentOf(size, upstream));
  feed.publish(floodedDocument(upstream), { hosts: [floodingHost], owner: flooding });
  for (let index = 0; index < size.consumers; index += 1) {
    const id = `sub_${index}`;
    feed.push({ kind: 'subscription', id, applicationId: `app_${index}`, plan: 'bench', state: 'active', revision: 1 });
  }
  for (let index = 0; index < size.credentials; index += 1) {
    const hash = createHash('sha256').update(keyOf(index)).digest('hex');
    const subscriptionId = `sub_${index % size.consumers}`;
    feed.push({ kind: 'credential', id: `key_${index}`, subscriptionId, hash, state: 'active' });
  }
}

/** Routes /full-n (key, plan with rate and quota, split) and one /bare (nothing; recorded as every request is). */
function documentOf({ routes }: Size, { ports }: UpstreamServer): unknown {
  const apis: Record<string, { title: string; routes: unknown[] }> = {
    bare: {
      title: 'Bare',
      routes: [
        {
          name: 'bare',
          match: { path: { prefix: '/bare' } },
          split: { arms: [{ name: 'stable', upstream: 'stable', weight: 10_000 }] },
        },
      ],
    },
  };
  for (let index = 0; index < routes; index += 1) {
    const api = (apis[`full-${Math.floor(index / routesAnApi)}`] ??= { title: 'Full', routes: [] });
    api.routes.push({
      name: `full-${index}`,
      match: { path: { prefix: `/full-${index}` }, methods: ['GET', 'POST'] },
      policies: [{ 'api-key': {} }],
      split: {
        sticky: 'application',
        arms: [
          { name: 'stable', upstream: 'stable', weight: 9500 },
          { name: 'canary', upstream: 'canary', weight: 500 },
        ],
      },
    });
  }
  return {
    sluice: 1,
    upstreams: {
      stable: { targets: [{ url: `http://127.0.0.1:${ports[0]}` }] },
      canary: { targets: [{ url: `http://127.0.0.1:${ports[1]}` }] },
    },
    apis,
    plans: {
      bench: {
        title: 'Bench',
        apis: Object.keys(apis),
        limits: [{ rate: '1000000/second' }, { quota: '100000000000/month' }],
      },
    },
  };
}

/** Another tenant of the same gateway: what it sends is refused, or never ends. */
function floodedDocument({ ports }: UpstreamServer): unknown {
  const split = { arms: [{ name: 'stable', upstream: 'stable', weight: 10_000 }] };
  const limited = { 'rate-limit': { limits: [{ quota: '1/year', scope: 'route' }] } };
  return {
    sluice: 1,
    upstreams: { stable: { targets: [{ url: `http://127.0.0.1:${ports[0]}` }] } },
    apis: {
      flood: {
        title: 'Flood',
        routes: [
          { name: 'limited', match: { path: { prefix: '/limited' } }, policies: [limited], split },
          { name: 'keyed', match: { path: { prefix: '/keyed' } }, policies: [{ 'api-key': {} }], split },
          { name: 'open', match: { path: { prefix: '/open' } }, split },
        ],
      },
    },
    plans: {},
  };
}
