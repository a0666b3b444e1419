// The identity room as the main thread starts it: the identity thread, when somebody first asks, the key for upstreams, and what
// is counted.
import { randomBytes } from 'node:crypto';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { Registry } from '@sluice/runtime';
import type { GatewayConfig } from '../config.js';
import type { CpuShare } from './cpu-budgets.js';
import type { ToIdentity } from './identity-messages.js';
import { createIdentityCounters } from './identity-counters.js';
import { registerIdentityMetrics } from './identity-metrics.js';
import type { SigningKey } from './signing-key.js';
import { signingKeyOf } from './signing-key.js';

export interface IdentityThreadStart {
  readonly counters: SharedArrayBuffer;
  /** Its row of the counters. */
  readonly row: number;
  readonly allow: readonly string[];
  readonly dnsServers: readonly string[];
  readonly share: CpuShare;
  readonly logLevel: string;
}

/** Somebody who will ask; or a port that this process listens at, where no tenant's keys are. */
export type ToIdentityThread =
  /** With the first that was asked. */
  | { readonly type: 'attach'; readonly port: MessagePort; readonly first: ToIdentity }
  | { readonly type: 'listens'; readonly port: number };

/** What a gateway's thread is started with, besides its port. */
export interface IdentityShared {
  readonly counters: SharedArrayBuffer;
  readonly signingKey: SigningKey;
  readonly armSecret: string | undefined;
  /** Right passwords are kept by an HMAC with it. Random, of this process. */
  readonly passwordSecret: Uint8Array;
}

export interface Identity {
  readonly shared: IdentityShared;
  /** For one of the gateway's threads. */
  openPort(): MessagePort;
  /** The gateway itself listens there: keys are fetched from elsewhere. */
  listensAt(port: number): void;
  stop(): Promise<void>;
}

/** @param inherited the private JWK of the process that this one takes over from, where the operator gave none. */
export async function startIdentity(
  config: GatewayConfig,
  inherited: string | undefined,
  threads: number,
  metrics: Registry,
  onDeath: (error: Error) => void,
): Promise<Identity> {
  const { identity, upstream, logLevel } = config;
  const counters = createIdentityCounters(threads);
  const signingKey = await signingKeyOf(identity.signingKey ?? inherited);
  registerIdentityMetrics(metrics, counters);
  const workerData: IdentityThreadStart = {
    counters,
    row: threads,
    allow: upstream.allow,
    dnsServers: upstream.dnsServers,
    share: { msPerSecond: identity.cpuMsPerSecond, burstMs: identity.cpuBurstMs },
    logLevel,
  };
  const ownPorts: number[] = [];
  let isEnding = false;
  let worker: Worker | undefined;
  const start = (): Worker => {
    const started = new Worker(new URL('./identity-thread.js', import.meta.url), {
      workerData,
      name: 'identity',
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    started.on('error', (error) => isEnding || onDeath(error instanceof Error ? error : new Error(String(error))));
    started.on('exit', (code) => isEnding || onDeath(new Error(`the identity thread ended with status ${code}`)));
    for (const port of ownPorts) tell(started, { type: 'listens', port });
    return started;
  };
  // Where no token and no password is ever checked, the thread's 33 MB are saved.
  const attach = (port: MessagePort, first: ToIdentity): void => {
    worker ??= start();
    tell(worker, { type: 'attach', port, first }, [port]);
  };
  return {
    shared: { counters, signingKey, armSecret: identity.armSecret, passwordSecret: randomBytes(32) },
    openPort: () => {
      const { port1, port2 } = new MessageChannel();
      // What is asked meanwhile goes over with the port.
      port1.once('message', (first: ToIdentity) => attach(port1, first));
      port1.unref();
      return port2;
    },
    listensAt: (port) => {
      ownPorts.push(port);
      if (worker !== undefined) tell(worker, { type: 'listens', port });
    },
    stop: async () => {
      isEnding = true;
      await worker?.terminate();
    },
  };
}

function tell(thread: Worker, message: ToIdentityThread, passed: readonly MessagePort[] = []): void {
  thread.postMessage(message, [...passed]);
}
