// A worker thread: wire, decide, upstream, answer. It holds what it enforces itself; it shares budgets and counters.
import { parentPort, workerData } from 'node:worker_threads';
import { newId, problem } from '@sluice/contracts';
import { createLogger } from '@sluice/runtime';
import type { FlowParts } from './flow/flow-parts.js';
import { LongRequests } from './flow/long-requests.js';
import { serve } from './flow/request-flow.js';
import { connectionRoom } from './http1/connection-room.js';
import { createIdentityChecks } from './identity/create-identity-checks.js';
import { Listener } from './lifecycle/listener.js';
import { createBudgets } from './limits/index.js';
import { refusedLine } from './ops/access-log/access-line.js';
import { ThreadCounters } from './ops/counters.js';
import { LineWriter } from './ops/lines.js';
import { Tracer } from './ops/traces/tracer.js';
import { ThreadOverload } from './overload/thread-overload.js';
import { createRecordWriter } from './records/index.js';
import { Replica } from './snapshot/replica.js';
import type { FromWorker, ThreadStart, ToWorker } from './thread-protocol.js';
import { addressRule } from './upstream/allowed-address.js';
import { certificateFolder } from './upstream/certificate-folder.js';
import { lookUpBy } from './upstream/names/look-up.js';
import { createResolveName } from './upstream/names/resolve-name.js';
import { ownListeners } from './upstream/own-listeners.js';
import { placedSets } from './upstream/placed-sets.js';
import { createUpstreams } from './upstream/upstreams.js';
import type { DrainBounds } from './wire/exchange.js';
import { Http1Server } from './wire/http1/http1-server.js';
import { openCertificates } from './wire/tls/certificates.js';
import { TlsServer } from './wire/tls/tls-server.js';

if (parentPort === null) throw new Error('worker.js is a worker thread of main.js');
const main = parentPort;
const start = workerData as ThreadStart;
const logger = createLogger(`gateway-thread-${start.thread}`, start.logLevel);

const isAllowed = addressRule(start.allow);
const resolve = lookUpBy(createResolveName(start.dnsServers));
const identity = createIdentityChecks(start.thread, start.identity, start.identityPort, isAllowed, resolve);

const room = connectionRoom();
const overload = new ThreadOverload(start.overload, start.thread);

const parts: FlowParts = {
  admission: overload.admission,
  replica: new Replica(),
  budgets: createBudgets(start.budgets, start.limitsPort),
  identity,
  records: createRecordWriter(start.recordsPort),
  longRequests: new LongRequests(start.recordBeginAfterMs),
  upstreams: createUpstreams(isAllowed, {
    sets: placedSets(start.targets, start.targetsPort),
    certificateOf: certificateFolder(start.certificatesDir),
    resolve,
    room,
  }),
  counters: new ThreadCounters(start.counters, start.thread),
  tracer: start.traces === undefined ? undefined : new Tracer(start.traces),
  accessLog: start.accessLog === undefined ? undefined : new LineWriter(start.accessLog),
  onBug: (error, requestId) => logger.error({ err: error, requestId }, 'a request failed by a bug of the gateway'),
};
parts.longRequests.watch();

const wire = new Http1Server(
  {
    onExchange: (exchange) => serve(parts, exchange),
    onMalformed: (refusal, instance) => {
      const { code, detail, cause } = refusal;
      const requestId = newId('request');
      parts.counters.refused(cause);
      parts.accessLog?.write(refusedLine(refusal, requestId));
      return JSON.stringify(problem(code, detail, { instance, requestId }));
    },
  },
  room,
);

let drained: Promise<void> | undefined;

const door = overload.door(wire, false);
const listener = new Listener((socket) => door.arrive(socket));
const tlsListener = start.tls === undefined ? undefined : listenerOverTls(start.tls);

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
const tell = (message: FromWorker): void => main.postMessage(message);

// Whatever else this thread has in flight is not part of the fault, and ends as it would have.
process.on('uncaughtException', (error) => tell({ type: 'fault', stack: error.stack ?? String(error) }));

main.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'changes':
      parts.replica.apply(message);
      tell({ type: 'applied', number: message.number });
      break;
    case 'listen':
      void listen(message); // it never rejects
      break;
    case 'stop-accepting':
      void Promise.all([listener.close(), tlsListener?.close()]).then(() => tell({ type: 'stopped-accepting' }));
      break;
    case 'drain':
      void drain(message); // it never rejects
      break;
  }
});

function listenerOverTls({ certificatesDir, ticketKeys }: NonNullable<ThreadStart['tls']>): Listener {
  const server = new TlsServer(openCertificates(certificatesDir, Buffer.from(ticketKeys)), wire, (why) =>
    logger.error({ why }, 'a changed certificate cannot be read; the one before stays in use'),
  );
  const tlsDoor = overload.door({ accept: (socket) => server.accept(socket), makeRoom: () => wire.makeRoom() }, true);
  return new Listener((socket) => tlsDoor.arrive(socket));
}

async function listen(at: Extract<ToWorker, { type: 'listen' }>): Promise<void> {
  ownListeners.add(at.opsPort);
  try {
    const listening = await (at.protocol === 'https' ? tlsListener : listener)?.listen(at);
    if (listening === undefined) throw new Error('this thread has no certificates');
    ownListeners.add(listening.port);
    tell({ type: 'listening', ...listening });
  } catch (error) {
    tell({
      type: 'listen-failed',
      code: error instanceof Error && 'code' in error ? String(error.code) : String(error),
    });
  }
}

// A second message may only shorten the bounds of the first; both are answered when all has been done, once.
async function drain(bounds: DrainBounds): Promise<void> {
  const served = wire.drain(bounds);
  drained ??= flushAfter(served);
  await drained;
  tell({ type: 'drained' });
}

async function flushAfter(served: Promise<void>): Promise<void> {
  try {
    await served;
    await Promise.all([parts.records.flush(), parts.accessLog?.flush(), parts.tracer?.flush()]);
    await Promise.all([parts.upstreams.close(), identity.close()]);
  } catch (error) {
    logger.error({ err: error }, 'the drain of a thread failed');
  }
}
