// The processes of the platform: what runs each, and with which environment. The names are those of each one's config.ts.
import { join } from 'node:path';
import { startProcess } from '../processes/start-process.js';
import type { DataUrls } from './data-servers.js';
import type { Ports } from './ports.js';
import { secretKeysFile, type Secrets } from './secrets.js';
import { Service } from './service.js';

export interface RoleUrls {
  readonly app: string;
  readonly auth: string;
  readonly feed: string;
}

export interface DeployableOptions {
  /** Of the repository. */
  readonly root: string;
  /** Data and logs. */
  readonly dir: string;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly urls: DataUrls;
  readonly roleUrls: RoleUrls;
  /** Worker threads of each gateway; left out: one per core. */
  readonly threads: number | undefined;
  /** Added to every process's environment, by name: `{ 'gateway-1': { LOG_LEVEL: 'debug' }, '*': { ... } }`. */
  readonly env: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly onProgress: (line: string) => void;
}

interface Program {
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly readyUrl: string;
  readonly env: Readonly<Record<string, string>>;
}

export type GatewayName = 'gateway-1' | 'gateway-2';

export const makeService = (program: Program, { root, dir, env, onProgress }: DeployableOptions): Service => {
  const logFile = join(dir, 'logs', `${program.name}.log`);
  return new Service({
    name: program.name,
    logFile,
    onProgress,
    launch: async (onExit, signal) =>
      startProcess({
        name: program.name,
        command: process.execPath,
        args: ['--enable-source-maps', join(root, program.script), ...(program.args ?? [])],
        env: { ...program.env, ...env['*'], ...env[program.name] },
        ...(program.cwd === undefined ? {} : { cwd: join(root, program.cwd) }),
        readyUrl: program.readyUrl,
        readyTimeoutMs: 60_000,
        stopTimeoutMs: 20_000,
        logFile,
        onExit,
        ...(signal ? { signal } : {}),
      }),
  });
};

export const controlProgram = ({ dir, ports, secrets, urls, roleUrls }: DeployableOptions): Program => ({
  name: 'control-api',
  script: 'services/control-api/dist/main.js',
  readyUrl: `http://127.0.0.1:${ports.controlOps}/readyz`,
  env: {
    PORT: String(ports.control),
    OPS_PORT: String(ports.controlOps),
    DATABASE_URL: roleUrls.app,
    AUTH_DATABASE_URL: roleUrls.auth,
    FEED_DATABASE_URL: roleUrls.feed,
    CLICKHOUSE_URL: urls.clickhouse,
    REDIS_LIMITS_URL: urls.redisLimits,
    AUTH_SECRET: secrets.authSecret,
    SECRET_KEYS_FILE: join(dir, secretKeysFile),
    FLEET_TOKEN: secrets.fleetToken,
    FLEET_DOMAIN: 'localhost',
    GATEWAY_PUBLIC_URL: `http://{host}:${ports.gateway1}`,
    MAIL_URL: urls.mail,
    CONSOLE_URL: `http://localhost:${ports.portal}`,
    PORTAL_URL: `http://{tenant}.localhost:${ports.portal}`,
    DEMO_UPSTREAM_URLS: `http://127.0.0.1:${ports.demoV1},http://127.0.0.1:${ports.demoV2}`,
  },
});

/** Upstreams on this machine: what a shared fleet refuses, and a local stack is for. */
const upstreamAllow = '127.0.0.0/8,::1/128';

export const gatewayProgram = (
  name: GatewayName,
  { ports, dir, secrets, urls, threads }: DeployableOptions,
): Program => {
  const [port, opsPort] =
    name === 'gateway-1' ? [ports.gateway1, ports.gateway1Ops] : [ports.gateway2, ports.gateway2Ops];
  return {
    name,
    script: 'gateway/dist/main.js',
    readyUrl: `http://127.0.0.1:${opsPort}/readyz`,
    env: {
      GATEWAY_ID: name,
      // Loopback upstreams are allowed here: nobody else on the network may use them through us.
      HOST: '127.0.0.1',
      PORT: String(port),
      OPS_PORT: String(opsPort),
      CONTROL_URL: `http://127.0.0.1:${ports.control}`,
      FLEET_TOKEN: secrets.fleetToken,
      REDIS_LIMITS_URL: urls.redisLimits,
      REDIS_QUEUE_URL: urls.redisQueue,
      DATA_DIR: join(dir, name),
      UPSTREAM_ALLOW: upstreamAllow,
      ...(threads === undefined ? {} : { THREADS: String(threads) }),
    },
  };
};

export const logWorkerProgram = ({ ports, urls }: DeployableOptions): Program => ({
  name: 'log-worker',
  script: 'services/log-worker/dist/main.js',
  readyUrl: `http://127.0.0.1:${ports.logWorkerOps}/readyz`,
  env: { OPS_PORT: String(ports.logWorkerOps), REDIS_QUEUE_URL: urls.redisQueue, CLICKHOUSE_URL: urls.clickhouse },
});

export const webProgram = ({ ports }: DeployableOptions): Program => ({
  name: 'portal',
  script: 'node_modules/next/dist/bin/next',
  args: ['start', '--port', String(ports.portal)],
  cwd: 'web',
  readyUrl: `http://127.0.0.1:${ports.portal}/`,
  env: {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: String(ports.portal),
    CONTROL_URL: `http://127.0.0.1:${ports.control}`,
    CONSOLE_URL: `http://localhost:${ports.portal}`,
    PORTAL_DOMAIN: 'localhost',
  },
});

export const demoUpstreamProgram = (version: 'v1' | 'v2', { ports }: DeployableOptions): Program => {
  const port = version === 'v1' ? ports.demoV1 : ports.demoV2;
  return {
    name: `demo-${version}`,
    script: 'packages/local-stack/dist/demo/upstream.js',
    readyUrl: `http://127.0.0.1:${port}/healthz`,
    env: { PORT: String(port), VERSION: version },
  };
};

export const trafficProgram = ({ ports, dir }: DeployableOptions, isOn: boolean): Program => ({
  name: 'demo-traffic',
  script: 'packages/local-stack/dist/demo/traffic.js',
  readyUrl: `http://127.0.0.1:${ports.traffic}/`,
  env: {
    PORT: String(ports.traffic),
    TRAFFIC: isOn ? 'on' : 'off',
    DEMO_FILE: join(dir, 'demo.json'),
    GATEWAY_URLS: `http://127.0.0.1:${ports.gateway1},http://127.0.0.1:${ports.gateway2}`,
  },
});
