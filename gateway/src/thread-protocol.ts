// What main and worker threads say to each other, beside the ports of the limits and records rooms.
import type { MessagePort } from 'node:worker_threads';
import type { IdentityShared } from './identity/identity.js';
import type { FromThread, ToThread } from './snapshot/thread-message.js';

/** What a worker thread is started with. */
export interface ThreadStart {
  readonly thread: number;
  readonly counters: SharedArrayBuffer;
  readonly budgets: SharedArrayBuffer;
  readonly limitsPort: MessagePort;
  readonly recordsPort: MessagePort;
  readonly identity: IdentityShared;
  readonly identityPort: MessagePort;
  /** Address ranges that upstreams may lead to besides public ones. */
  readonly allow: readonly string[];
  readonly logLevel: string;
}

export type ToWorker =
  | ToThread
  | { readonly type: 'listen'; readonly host: string; readonly port: number; readonly reusePort: boolean }
  | { readonly type: 'drain'; readonly boundMs: number };

export type FromWorker =
  | FromThread
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'listen-failed'; readonly code: string }
  | { readonly type: 'drained' };
