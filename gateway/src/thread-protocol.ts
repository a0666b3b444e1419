// What main and worker threads say to each other, beside the ports of the limits and records rooms.
import type { MessagePort } from 'node:worker_threads';
import type { IdentityShared } from './identity/identity.js';
import type { ListenAt, Listening } from './lifecycle/listener.js';
import type { CountersShared } from './ops/counters.js';
import type { LinesShared } from './ops/lines.js';
import type { TracesShared } from './ops/traces/tracer.js';
import type { OverloadShared } from './overload/overload.js';
import type { FromThread, ToThread } from './snapshot/thread-message.js';
import type { DrainBounds } from './wire/exchange.js';

/** What a worker thread is started with. */
export interface ThreadStart {
  readonly thread: number;
  readonly counters: CountersShared;
  /** Undefined: off. */
  readonly accessLog: LinesShared | undefined;
  /** The same. */
  readonly traces: TracesShared | undefined;
  readonly overload: OverloadShared;
  readonly budgets: SharedArrayBuffer;
  readonly limitsPort: MessagePort;
  readonly recordsPort: MessagePort;
  /** A request that lasts as long leaves a `begin` record then. */
  readonly recordBeginAfterMs: number;
  /** The health table of targets, and who keeps it. */
  readonly targets: SharedArrayBuffer;
  readonly targetsPort: MessagePort;
  readonly identity: IdentityShared;
  readonly identityPort: MessagePort;
  /** Address ranges that upstreams may lead to besides public ones. */
  readonly allow: readonly string[];
  /** That are asked first for names of tenants. */
  readonly dnsServers: readonly string[];
  /** Of the client certificates for upstreams. */
  readonly certificatesDir: string | undefined;
  /** Of the TLS port; undefined: there is none. The same keys in all threads: a client may resume with another one. */
  readonly tls: { readonly certificatesDir: string; readonly ticketKeys: Uint8Array } | undefined;
  readonly logLevel: string;
}

export type ToWorker =
  | ToThread
  | ({ readonly type: 'listen'; readonly protocol: 'http' | 'https'; readonly opsPort: number } & ListenAt)
  | { readonly type: 'stop-accepting' }
  | ({ readonly type: 'drain' } & DrainBounds);

export type FromWorker =
  | FromThread
  | ({ readonly type: 'listening' } & Listening)
  | { readonly type: 'listen-failed'; readonly code: string }
  /** An exception that nothing caught. The thread goes on with all other requests until it is replaced. */
  | { readonly type: 'fault'; readonly stack: string }
  | { readonly type: 'stopped-accepting' }
  | { readonly type: 'drained' };
