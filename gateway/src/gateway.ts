// One gateway: the main thread's parts in the order in which they need each other, and the way back.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@sluice/contracts';
import { createMetrics, startOpsServer } from '@sluice/runtime';
import type { Logger } from '@sluice/runtime';
import type { GatewayConfig } from './config.js';
import { startIdentity } from './identity/identity.js';
import { startBroker } from './limits/broker.js';
import { createCounters } from './ops/counters.js';
import { readiness } from './ops/readiness.js';
import { registerSnapshotMetrics, registerTrafficMetrics } from './ops/traffic-metrics.js';
import { startSpool } from './records/spool.js';
import { Snapshot } from './snapshot/snapshot.js';
import { Threads } from './snapshot/threads.js';
import { requireFreePort, threadCount, Workers } from './workers.js';

export interface Gateway {
  /** Stops accepting, ends what is in flight, flushes records, gives leases back, closes the boot. */
  drain(): Promise<void>;
}

// Of the process's 15 s: the rest is for records and leases.
const inFlightBoundMs = 10_000;

/** Resolves when it listens. Rejects with a sentence for people when a port is taken. */
export async function startGateway(
  config: GatewayConfig,
  logger: Logger,
  onDeath: (error: Error) => void,
): Promise<Gateway> {
  const { gatewayId } = config;
  // First, so that a taken port leaves no boot behind.
  await requireFreePort('PORT', config.listen.host, config.listen.port);
  await requireFreePort('OPS_PORT', config.listen.host, config.ops.port);
  const bootId = newId('boot');
  const metrics = createMetrics();
  const counters = createCounters(threadCount(config));
  const threads = new Threads();
  let isDraining = false;

  const [broker, spool, identity] = await Promise.all([
    startBroker({
      redisUrls: config.limits.redisUrls,
      dataDir: config.dataDir,
      gatewayId,
      bootId,
      logger,
      metrics,
    }),
    startSpool({
      directory: join(config.dataDir, 'spool'),
      gatewayId,
      bootId,
      redisUrl: config.queue.redisUrl,
      maxBytes: config.spool.maxBytes,
      logger,
      metrics,
    }),
    startIdentity(config, threadCount(config), metrics, onDeath),
  ]);
  const workers = new Workers({ config, counters, broker, spool, identity, threads, onDeath });
  const snapshot = await Snapshot.start({
    controlUrl: config.control.url,
    token: config.control.token,
    gatewayId,
    bootId,
    version: ownVersion(),
    directory: join(config.dataDir, 'snapshot'),
    threads,
    logger,
  });
  registerTrafficMetrics(metrics, counters);
  registerSnapshotMetrics(metrics, () => snapshot.status);
  const ops = await startOpsServer({
    port: config.ops.port,
    host: config.listen.host,
    registry: metrics,
    pages: { '/identity/jwks.json': () => identity.shared.signingKey.jwks },
    ready: () => readiness(snapshot.status, isDraining, config.maxSnapshotAgeMs, Date.now()),
  });
  const port = await workers.listen();
  logger.info({ gatewayId, bootId, port, opsPort: ops.port, threads: threadCount(config) }, 'listening');

  return {
    drain: async () => {
      isDraining = true;
      await workers.stopAccepting();
      await workers.drain({ boundMs: inFlightBoundMs, idleMs: 1000 });
      await snapshot.stop();
      await Promise.all([broker.stop(), spool.stop()]);
      await workers.end();
      await identity.stop();
      await ops.close();
    },
  };
}

function ownVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
