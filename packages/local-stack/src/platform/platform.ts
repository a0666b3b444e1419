// The whole platform on this machine: data servers, migrations, every process, the demo. `npm start`, `npm run smoke`, the
// process tests and the browser tests all start it here. What it starts, it stops: data servers last.
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DemoFile } from '../demo/demo-file.js';
import { seedDemo } from '../demo/seed-demo.js';
import type { RunningMailSink } from '../mail/mail-sink.js';
import { startProcess } from '../processes/start-process.js';
import { planDataServers, type DataUrls } from './data-servers.js';
import {
  controlProgram,
  demoUpstreamProgram,
  gatewayProgram,
  logWorkerProgram,
  makeService,
  trafficProgram,
  webProgram,
  type DeployableOptions,
  type RoleUrls,
} from './deployables.js';
import { rotateLogs } from './logs.js';
import { fixedPorts, freePorts, type Ports } from './ports.js';
import { loadSecrets, type Secrets } from './secrets.js';
import { Stages } from './stages.js';
import type { Service } from './service.js';

export interface PlatformOptions {
  /** Data, logs, secrets. */
  readonly dir: string;
  /** `free`: any free ports, for tests. Left out: the usual ones. */
  readonly ports?: 'free' | Ports;
  /** Worker threads of each gateway; left out: one per core. */
  readonly threads?: number;
  /** Environment for processes by name, `*` for all: `{ 'gateway-1': { LOG_LEVEL: 'debug' } }`. */
  readonly env?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** DATABASE_URL, REDIS_LIMITS_URL, REDIS_QUEUE_URL, CLICKHOUSE_URL, MAIL_URL: each replaces a server of ours. */
  readonly external?: Readonly<Record<string, string | undefined>>;
  /** The demo tenant and its key. The demo's upstreams run in any case. */
  readonly demo?: boolean;
  /** The demo's traffic, where there is a demo. */
  readonly traffic?: 'on' | 'off' | 'none';
  readonly web?: boolean;
  /** For tests: data servers give up durability. */
  readonly isThrowaway?: boolean;
  readonly onProgress?: (line: string) => void;
  /** Gives the start up: it rejects when everything that had started is stopped. */
  readonly signal?: AbortSignal;
}

export interface PlatformUrls extends DataUrls {
  readonly portal: string;
  readonly control: string;
  readonly controlOps: string;
  readonly logWorkerOps: string;
  readonly gateways: readonly [string, string];
  readonly gatewayOps: readonly [string, string];
  readonly demoUpstreams: readonly [string, string];
  readonly traffic: string;
  readonly mailPage: string;
}

export interface Platform {
  readonly dir: string;
  readonly ports: Ports;
  readonly urls: PlatformUrls;
  readonly tokens: Secrets;
  readonly roleUrls: RoleUrls;
  readonly demo: DemoFile | undefined;
  readonly mail: RunningMailSink | undefined;
  /** By name: postgres, redis, clickhouse, control-api, log-worker, gateway-1, gateway-2, demo-v1, demo-v2, portal, demo-traffic. */
  readonly processes: ReadonlyMap<string, Service>;
  /** As `processes.get`, with an error that lists the names. */
  process(name: string): Service;
  stop(): Promise<void>;
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');

export const startPlatform = async (options: PlatformOptions): Promise<Platform> => {
  const { onProgress = () => {}, external = {}, isThrowaway = false } = options;
  const dir = resolve(options.dir);
  // Postgres runs as another user under root, and must pass.
  await mkdir(join(dir, 'logs'), { recursive: true, mode: 0o711 });
  await rotateLogs(join(dir, 'logs'));
  const [ports, secrets] = await Promise.all([choosePorts(options.ports), loadSecrets(dir)]);
  const data = planDataServers({ dir, ports, secrets, env: external, isThrowaway, onProgress });
  const stages = new Stages(onProgress, options.signal);
  let mail: RunningMailSink | undefined;
  const stop = async (): Promise<void> => {
    await stages.stop();
    await mail?.stop();
    mail = undefined;
  };

  try {
    mail = await data.startMail();
    await stages.start(data.services);
    const roleUrls = await migrate(data.urls, secrets, onProgress);
    const parts: DeployableOptions = {
      root,
      dir,
      ports,
      secrets,
      roleUrls,
      onProgress,
      urls: data.urls,
      threads: options.threads,
      env: options.env ?? {},
    };
    await stages.start([
      makeService(controlProgram(parts), parts),
      makeService(demoUpstreamProgram('v1', parts), parts),
      makeService(demoUpstreamProgram('v2', parts), parts),
      makeService(logWorkerProgram(parts), parts),
    ]);
    await stages.start([
      makeService(gatewayProgram('gateway-1', parts), parts),
      makeService(gatewayProgram('gateway-2', parts), parts),
      ...(options.web === false ? [] : [makeService(webProgram(parts), parts)]),
    ]);
    const urls = urlsOf(ports, data.urls);
    const demo = options.demo === true ? await seedDemo({ dir, urls, mail, onProgress }) : undefined;
    if (demo && options.traffic !== 'none') {
      await stages.start([makeService(trafficProgram(parts, options.traffic !== 'off'), parts)]);
    }
    const { processes } = stages;
    const find = (name: string): Service => {
      const service = processes.get(name);
      if (!service) throw new Error(`There is no process ${name}; there are ${[...processes.keys()].join(', ')}.`);
      return service;
    };
    return { dir, ports, urls, tokens: secrets, roleUrls, demo, mail, processes, process: find, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const choosePorts = async (wanted: PlatformOptions['ports']): Promise<Ports> => {
  if (wanted === 'free') return freePorts();
  if (wanted) return wanted;
  const result = await fixedPorts({});
  if (!result.ok) throw new Error(result.errors.join('\n'));
  return result.ports;
};

const migrate = async (urls: DataUrls, secrets: Secrets, onProgress: (line: string) => void): Promise<RoleUrls> => {
  const roles = { app: secrets.appPassword, auth: secrets.authPassword, feed: secrets.feedPassword };
  const input = { postgresUrl: urls.postgres, clickhouseUrl: urls.clickhouse, roles };
  const migration = await startProcess({
    name: 'The migration',
    command: process.execPath,
    args: [join(root, 'scripts/migrate.mjs')],
    cwd: root,
    env: { SLUICE_MIGRATE: JSON.stringify(input) },
    readyLine: /^\{"roleUrls":(.*)\}$/,
    readyTimeoutMs: 120_000,
    onLine: (line) => {
      if (!line.startsWith('{')) onProgress(line);
    },
  });
  await migration.exited;
  return JSON.parse(migration.readyMatch?.[1] ?? '') as RoleUrls;
};

const urlsOf = (ports: Ports, data: DataUrls): PlatformUrls => {
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    ...data,
    portal: `http://localhost:${ports.portal}`,
    control: at(ports.control),
    controlOps: at(ports.controlOps),
    logWorkerOps: at(ports.logWorkerOps),
    gateways: [at(ports.gateway1), at(ports.gateway2)],
    gatewayOps: [at(ports.gateway1Ops), at(ports.gateway2Ops)],
    demoUpstreams: [at(ports.demoV1), at(ports.demoV2)],
    traffic: at(ports.traffic),
    mailPage: at(ports.mailPage),
  };
};
