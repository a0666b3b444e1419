// Two ends of a message channel within one simulated process.
import type { LimitsPort } from '../lease-transport.js';
import type { VirtualProcess } from './virtual-process.js';

const fastestMs = 0.01;
const spreadMs = 0.05;

export const virtualChannel = (process: VirtualProcess, random: () => number): [LimitsPort, LimitsPort] => {
  const listeners: ((message: never) => void)[][] = [[], []];
  // Messages stay in order.
  const lastMs = [0, 0];
  const end = (own: 0 | 1): LimitsPort => ({
    postMessage(message) {
      const other = 1 - own;
      const atMs = Math.max(lastMs[other] ?? 0, process.scheduler.nowMs + fastestMs + random() * spreadMs);
      lastMs[other] = atMs;
      const copy = copied(message) as never;
      process.scheduler.at(atMs, () => process.arrive(() => listeners[other]?.forEach((listener) => listener(copy))));
    },
    on(_event, listener) {
      listeners[own]?.push(listener);
    },
    once() {
      // The ends close with their process.
    },
    ref() {},
    unref() {},
  });
  return [end(0), end(1)];
};

/** What a message channel would make of plain data. */
const copied = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copied(one)]));
};
