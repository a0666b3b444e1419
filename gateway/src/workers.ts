// The worker threads of one gateway: started together, listening on one port, drained together.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { MessagePort } from 'node:worker_threads';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { GatewayConfig } from './config.js';
import type { Identity } from './identity/identity.js';
import type { Listening } from './lifecycle/listener.js';
import type { Broker } from './limits/broker.js';
import type { AccessLog } from './ops/access-log/start-access-log.js';
import type { CountersShared } from './ops/counters.js';
import type { LinesShared } from './ops/lines.js';
import type { Traces } from './ops/traces/start-traces.js';
import type { Overload } from './overload/overload.js';
import type { Spool } from './records/spool.js';
import type { Threads } from './snapshot/threads.js';
import type { DrainBounds } from './wire/exchange.js';
import type { FromWorker, ThreadStart, ToWorker } from './thread-protocol.js';
import type { TargetHealth } from './upstream/health/target-health.js';

export interface WorkersOptions {
  readonly config: GatewayConfig;
  readonly counters: CountersShared;
  /** Undefined: off. */
  readonly accessLog: AccessLog | undefined;
  /** The same. */
  readonly traces: Traces | undefined;
  readonly overload: Overload;
  readonly broker: Broker;
  readonly spool: Spool;
  readonly identity: Identity;
  readonly targets: TargetHealth;
  readonly threads: Threads;
  /** A thread has failed, and goes on; or it has ended, and the others go on. Told each time. */
  readonly onFault: (error: Error) => void;
}

// Where the kernel spreads connections over sockets of one port. Elsewhere one thread serves.
const platformsWithReusePort: ReadonlySet<NodeJS.Platform> = new Set(['linux', 'freebsd', 'sunos', 'aix']);

export function threadCount(config: GatewayConfig): number {
  return platformsWithReusePort.has(process.platform) ? config.listen.threads : 1;
}

export class Workers {
  readonly #workers: Worker[];
  readonly #config: GatewayConfig;
  #isEnding = false;

  constructor({
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
  }: WorkersOptions) {
    this.#config = config;
    const { certificatesDir } = config.tls;
    const ticketKeys = randomBytes(48);
    this.#workers = Array.from({ length: threadCount(config) }, (_, thread) => {
      const limits = new MessageChannel();
      const records = new MessageChannel();
      const targetChannel = new MessageChannel();
      const identityPort = identity.openPort();
      const lines = accessLog?.open();
      const traced = traces?.open();
      broker.attach(limits.port1);
      spool.attach(records.port1);
      targets.attach(targetChannel.port1);
      const workerData: ThreadStart = {
        thread,
        counters,
        accessLog: lines,
        traces: traced,
        overload: overload.shared,
        budgets: broker.shared,
        limitsPort: limits.port2,
        recordsPort: records.port2,
        recordBeginAfterMs: config.recordBeginAfterMs,
        targets: targets.table.shared,
        targetsPort: targetChannel.port2,
        identity: identity.shared,
        identityPort,
        allow: config.upstream.allow,
        dnsServers: config.upstream.dnsServers,
        certificatesDir: config.upstream.certificatesDir,
        tls: certificatesDir === undefined ? undefined : { certificatesDir, ticketKeys },
        logLevel: config.logLevel,
      };
      const worker = new Worker(new URL('./worker.js', import.meta.url), {
        workerData,
        // What a new configuration brings outlives every collection of young objects, and is copied by each: with V8's own
        // size a thousand tenants made pauses of 40 ms, with this one of 12 (npm run bench:engine).
        resourceLimits: { maxYoungGenerationSizeMb: 16 },
        transferList: [
          limits.port2,
          records.port2,
          targetChannel.port2,
          identityPort,
          ...portsOf(lines),
          ...portsOf(traced?.lines),
        ],
        name: `gateway-${thread}`,
      });
      let reason = '';
      worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)));
      worker.on('exit', (code) => {
        if (this.#isEnding) return;
        this.#workers.splice(this.#workers.indexOf(worker), 1);
        threads.detach(worker);
        onFault(new Error(`thread ${thread} ended with status ${code}${reason === '' ? '' : `: ${reason}`}`));
      });
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'fault') onFault(new Error(`thread ${thread}: ${message.stack}`));
      });
      threads.attach(worker);
      return worker;
    });
  }

  /**
   * Resolves with the port and all sockets; rejects with a sentence for people when it cannot be had.
   * @param protocol `https` only where the configuration has certificates.
   * @param opsPort where the process answers operators, and no tenant's URL may lead.
   * @param inherited sockets that listen already. Threads beyond their number bind one of their own to the same port; where
   * there are more sockets than threads, some threads have several, since each holds connections.
   */
  async listen(protocol: 'http' | 'https', inherited: readonly number[], opsPort: number): Promise<Listening> {
    const { host } = this.#config.listen;
    const { port } = protocol === 'http' ? this.#config.listen : this.#config.tls;
    const fds: number[] = [];
    let bound = port;
    for (const [index, worker] of this.#workers.entries()) {
      const own = inherited.filter((_, at) => at % this.#workers.length === index);
      const answer = await ask(worker, {
        type: 'listen',
        protocol,
        host,
        port: bound,
        opsPort,
        fds: own,
        // With one thread too: the next version may have more.
        reusePort: platformsWithReusePort.has(process.platform),
      });
      if (answer.type !== 'listening')
        throw new Error(
          portInWords(
            protocol === 'http' ? 'PORT' : 'TLS_PORT',
            host,
            bound,
            answer.type === 'listen-failed' ? answer.code : answer.type,
          ),
        );
      bound = answer.port;
      fds.push(...answer.fds);
    }
    return { port: bound, fds };
  }

  /** No connection is accepted any more; those that were live on. */
  async stopAccepting(): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => ask(worker, { type: 'stop-accepting' })));
  }

  /**
   * Ends what is in flight within the bounds, and flushes the threads' records. The threads live on until `end`. A second
   * call may only shorten the bounds of the first.
   */
  async drain(bounds: DrainBounds): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => ask(worker, { type: 'drain', ...bounds })));
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#workers.map(async (worker) => worker.terminate()));
  }
}

function portsOf(lines: LinesShared | undefined): MessagePort[] {
  return lines === undefined ? [] : [lines.port];
}

async function ask(worker: Worker, question: Exclude<ToWorker, { type: 'changes' }>): Promise<FromWorker> {
  return new Promise((resolve) => {
    const answer = (message: FromWorker): void => {
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      resolve(message);
    };
    const onMessage = (message: FromWorker): void => {
      if (message.type !== 'applied' && message.type !== 'fault') answer(message);
    };
    // It has nothing left to stop or to drain, and it will not listen.
    const onExit = (): void =>
      answer(question.type === 'listen' ? { type: 'listen-failed', code: 'the thread ended' } : { type: 'drained' });
    worker.on('message', onMessage);
    worker.once('exit', onExit);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
    worker.postMessage(question);
  });
}

/**
 * Rejects with a sentence for people when the port cannot be had. A second gateway with SO_REUSEPORT would get half of
 * the connections without any error: a plain bind tells.
 */
export async function requireFreePort(
  name: 'PORT' | 'TLS_PORT' | 'OPS_PORT',
  host: string,
  port: number,
): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(portInWords(name, host, port, error.code ?? error.message))),
    );
    server.listen({ host, port }, () => server.close(() => resolve()));
  });
}

function portInWords(name: string, host: string, port: number, code: string): string {
  if (code === 'EADDRINUSE')
    return `${name}: ${port} is taken by another process; end that one, or set ${name} to a free port`;
  if (code === 'EACCES') return `${name}: this process may not listen on ${port}; set ${name} to one above 1023`;
  return `${name} or HOST: cannot listen on ${host}:${port} (${code})`;
}
