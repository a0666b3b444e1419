// Overload as the main thread starts it: what the threads share, and what is told of it.
import { randomInt } from 'node:crypto';
import type { Registry } from '@sluice/runtime';
import type { GatewayConfig } from '../config.js';
import type { ConnectionBounds, ConnectionsShared } from './connection-bounds.js';
import { createConnectionCounts } from './connection-bounds.js';
import type { LoadBounds } from './load-signal.js';
import { createMemoryCell, watchMemory } from './memory-watch.js';
import { createOverloadCounters, registerOverloadMetrics } from './overload-counters.js';

/** What a thread is started with. */
export interface OverloadShared {
  readonly threads: number;
  readonly counters: SharedArrayBuffer;
  readonly connections: ConnectionsShared;
  readonly memory: SharedArrayBuffer;
  readonly connectionBounds: ConnectionBounds;
  readonly loadBounds: LoadBounds;
}

export interface Overload {
  readonly shared: OverloadShared;
  stop(): void;
}

export function startOverload({ overload }: GatewayConfig, threads: number, metrics: Registry): Overload {
  const shared: OverloadShared = {
    threads,
    counters: createOverloadCounters(threads),
    connections: createConnectionCounts(randomInt(2 ** 31)),
    memory: createMemoryCell(),
    connectionBounds: { mostOpen: overload.mostConnections, mostPerAddress: overload.mostConnectionsPerAddress },
    loadBounds: { targetMs: overload.shedDelayMs },
  };
  registerOverloadMetrics(metrics, shared.counters, shared.connections);
  const watch = watchMemory(shared.memory);
  return { shared, stop: () => watch.stop() };
}
