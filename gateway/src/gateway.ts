// One gateway: the main thread's parts in the order in which they need each other, and the way back.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayActivity } from '@sluice/contracts';
import { newId } from '@sluice/contracts';
import { createMetrics, startOpsServer } from '@sluice/runtime';
import type { CheckResult, Logger } from '@sluice/runtime';
import type { GatewayConfig } from './config.js';
import { startIdentity } from './identity/identity.js';
import { Drain } from './lifecycle/drain.js';
import type { Estate } from './lifecycle/estate.js';
import { tellServing } from './lifecycle/estate.js';
import { GenerationBootFile, PidFile } from './lifecycle/shared-folder.js';
import { bootFileIn } from './limits/boot-file.js';
import { startBroker } from './limits/broker.js';
import { startAccessLog } from './ops/access-log/start-access-log.js';
import type { CountersShared } from './ops/counters.js';
import { column, createCounters, readTraffic } from './ops/counters.js';
import { EnvironmentNames } from './ops/environment-names.js';
import { readiness } from './ops/readiness.js';
import { registerSnapshotMetrics } from './ops/snapshot-metrics.js';
import { startTraces } from './ops/traces/start-traces.js';
import { registerTrafficMetrics } from './ops/traffic-metrics.js';
import { startOverload } from './overload/overload.js';
import { startSpool } from './records/spool.js';
import { Snapshot } from './snapshot/snapshot.js';
import { Threads } from './snapshot/threads.js';
import { startTargetHealth } from './upstream/health/start-target-health.js';
import { ownListeners } from './upstream/own-listeners.js';
import { requireFreePort, threadCount, Workers } from './workers.js';
import { openCertificates } from './wire/tls/certificates.js';

export interface Gateway {
  /** What a process that takes over is given. */
  readonly estate: Estate;
  readonly isDraining: boolean;
  /** /readyz says no; then nothing is accepted, what is in flight ends, records are flushed, leases given back, the boot closed. */
  drain(): Promise<void>;
  /** As `drain`, when another process serves at these sockets: no hurry, and nothing of the folder is touched that is shared. */
  drainAfterTakeOver(): Promise<void>;
  /** No other process has come to serve. */
  keep(): void;
}

// How long a connection without a request is kept: a process that is to end ends soon, one that was taken over has time.
const idleMs = { ofEnd: 1000, ofTakeOver: 10_000 };
const readyWithinMs = 60_000;

/**
 * Resolves when it listens; with an estate, when it also is ready. Rejects with a sentence for people when it cannot.
 * @param estate what the process leaves that this one takes over from; undefined: this one begins by itself.
 */
export async function startGateway(
  config: GatewayConfig,
  logger: Logger,
  estate: Estate | undefined,
  onFault: (error: Error) => void,
): Promise<Gateway> {
  const { gatewayId } = config;
  // First, so that a taken port, or a certificate that cannot be used, leaves no boot behind.
  if (config.tls.certificatesDir !== undefined) openCertificates(config.tls.certificatesDir, randomBytes(48));
  if (estate === undefined) {
    await requireFreePort('PORT', config.listen.host, config.listen.port);
    if (config.tls.certificatesDir !== undefined)
      await requireFreePort('TLS_PORT', config.listen.host, config.tls.port);
    await requireFreePort('OPS_PORT', config.listen.host, config.ops.port);
  }
  const bootFile = new GenerationBootFile(bootFileIn(config.dataDir), estate !== undefined);
  const pidFile = new PidFile(config.dataDir);
  const bootId = newId('boot');
  const metrics = createMetrics();
  const counters = createCounters(threadCount(config));
  const targets = startTargetHealth(config, logger, metrics);
  const names = new EnvironmentNames();
  const threads = new Threads((changes, isWhole) => {
    targets.apply(changes, isWhole);
    names.apply(changes, isWhole);
  });

  const [broker, spool, identity] = await Promise.all([
    startBroker({
      redisUrls: config.limits.redisUrls,
      bootFile,
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
      stopWithinMs: config.drain.shipBoundMs,
      logger,
      metrics,
    }),
    startIdentity(config, estate?.signingKey, threadCount(config), metrics, onFault),
  ]);
  const accessLog = await startAccessLog(config.accessLog, logger, metrics);
  const traces = startTraces(config, ownVersion(), logger, metrics);
  const overload = startOverload(config, threadCount(config), metrics);
  const workers = new Workers({
    config,
    counters,
    accessLog,
    traces,
    overload,
    broker,
    spool,
    identity,
    targets,
    threads,
    onFault,
  });
  let isEnding = (): boolean => false;
  const snapshot = await Snapshot.start({
    controlUrl: config.control.url,
    token: config.control.token,
    gatewayId,
    bootId,
    version: ownVersion(),
    directory: join(config.dataDir, 'snapshot'),
    keyDirectory: join(config.dataDir, 'identity'),
    activity: (isDrainAsked) => activityOf(isDrainAsked || isEnding(), counters),
    threads,
    logger,
  });
  targets.tellTo((reports) => snapshot.report(reports));
  const traffic = registerTrafficMetrics(metrics, counters, names, config.metrics.mostEnvironments);
  registerSnapshotMetrics(metrics, () => snapshot.status);
  const drain = new Drain({
    workers,
    finish: async () => {
      targets.stop();
      await snapshot.stop();
      await Promise.all([broker.stop(), spool.stop()]);
      await Promise.all([accessLog?.stop(), traces?.stop()]);
      await workers.end();
      await identity.stop();
      overload.stop();
      traffic.stop();
      await ops.close();
      pidFile.remove();
    },
  });
  let isTakenOver = false;
  // Where another generation serves under this id, it is for that one to say how it is.
  isEnding = () => drain.isUnderWay && !isTakenOver;
  const ready = (): CheckResult => readiness(snapshot.status, drain.isUnderWay, config.maxSnapshotAgeMs, Date.now());
  // Sockets that others serve at already are only joined by who can serve.
  if (estate !== undefined) await untilReady(() => ({ ...ready(), ok: ready().ok || snapshot.status.isDrainAsked }));
  const ops = await startOpsServer({
    port: config.ops.port,
    host: config.listen.host,
    ...(estate === undefined ? {} : { fd: estate.ops }),
    registry: metrics,
    pages: { '/identity/jwks.json': () => identity.shared.signingKey.jwks },
    ready,
  });
  const listensAt = (own: number): void => {
    ownListeners.add(own);
    identity.listensAt(own);
  };
  listensAt(ops.port);
  const { port, fds } = await workers.listen('http', estate?.traffic ?? [], ops.port);
  listensAt(port);
  const tls =
    config.tls.certificatesDir === undefined ? undefined : await workers.listen('https', estate?.tls ?? [], ops.port);
  if (tls !== undefined) listensAt(tls.port);
  pidFile.write();
  logger.info(
    { gatewayId, bootId, port, tlsPort: tls?.port, opsPort: ops.port, threads: threadCount(config) },
    'listening',
  );
  if (estate !== undefined) tellServing();

  const { delayMs, boundMs, takeOverBoundMs } = config.drain;
  return {
    estate: {
      traffic: [...fds],
      tls: [...(tls?.fds ?? [])],
      ops: ops.fd,
      signingKey: JSON.stringify(identity.shared.signingKey.privateJwk),
    },
    get isDraining() {
      return drain.isUnderWay;
    },
    keep: () => bootFile.reclaim(),
    drain: async () => drain.begin(delayMs, { boundMs, idleMs: idleMs.ofEnd }),
    drainAfterTakeOver: async () => {
      isTakenOver = true;
      bootFile.passOn();
      // The new process answers there: of this one, nothing is to be asked any more.
      targets.tellTo(undefined);
      await ops.close();
      await drain.begin(0, { boundMs: takeOverBoundMs, idleMs: idleMs.ofTakeOver });
    },
  };
}

function activityOf(isDraining: boolean, counters: CountersShared): GatewayActivity {
  if (!isDraining) return 'serving';
  return (readTraffic(counters).total[column.inFlight] ?? 0) > 0 ? 'draining' : 'drained';
}

async function untilReady(ready: () => CheckResult): Promise<void> {
  const byMs = performance.now() + readyWithinMs;
  while (!ready().ok) {
    if (performance.now() > byMs)
      throw new Error(`it is not ready to take over: ${String(ready()['reason'])}; the former version goes on`);
    await delay(50);
  }
}

function ownVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
