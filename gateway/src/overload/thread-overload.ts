// Overload as one thread sees it: its signal, its entry and its door.
import type { Socket } from 'node:net';
import { Admission } from './admission.js';
import { ConnectionCounts } from './connection-bounds.js';
import { Door } from './door.js';
import { LoadSignal, sampleMs } from './load-signal.js';
import { ThreadMemory } from './memory-watch.js';
import { OverloadCounters } from './overload-counters.js';
import type { OverloadShared } from './overload.js';

/** Of the windows of the load signal: memory is looked at in each fifth. */
const windowsPerLook = 5;

export class ThreadOverload {
  readonly admission: Admission;
  readonly #counts: ConnectionCounts;
  readonly #counters: OverloadCounters;

  constructor(shared: OverloadShared, thread: number) {
    const counters = new OverloadCounters(shared.counters, thread);
    const counts = new ConnectionCounts(shared.connections, shared.connectionBounds, shared.threads);
    const memory = new ThreadMemory(shared.memory);
    const admission = new Admission({
      nowMs: () => performance.now(),
      random: Math.random,
      nextTurn: (run) => void setImmediate(run),
      isBusy: () => signal.isBusy,
      isCrowded: () => counts.isCrowded,
      memory: () => memory.pressure,
      onShed: () => counters.count('shed'),
      onDeferred: () => counters.count('deferred'),
    });
    let windows = 0;
    const signal = new LoadSignal(
      { nowMs: () => performance.now(), utilization: utilizationMeter() },
      shared.loadBounds,
      (isOverloaded, isLate) => {
        windows += 1;
        if (windows % windowsPerLook === 0) memory.look();
        admission.onWindow(isOverloaded, isLate);
        counters.set('delayMs', signal.delayMs);
        counters.set('utilization', signal.utilization);
        counters.set('waiting', admission.waiting);
      },
    );
    setInterval(() => signal.sample(), sampleMs).unref();
    this.admission = admission;
    this.#counts = counts;
    this.#counters = counters;
  }

  door(wire: { accept(socket: Socket): void; makeRoom(): boolean }, isTls: boolean): Door {
    return new Door({
      counts: this.#counts,
      isTls,
      accept: (socket) => wire.accept(socket),
      makeRoom: () => {
        const hasRoom = wire.makeRoom();
        if (hasRoom) this.#counters.count('evicted');
        return hasRoom;
      },
      onRefused: (reason) => this.#counters.count(reason === 'full' ? 'full' : 'addressFull'),
    });
  }
}

function utilizationMeter(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
