// The thread that `swap.ts` hands a configuration to. It turns its event loop all the time, and says after each part what
// the longest turn since the last one was.
import { parentPort } from 'node:worker_threads';
import type { Compiled, SubscriptionFact } from '@sluice/engine';
import type { Environment } from './world.ts';

export type Change =
  | { readonly kind: 'environment'; readonly host: string; readonly compiled: Compiled }
  | { readonly kind: 'subscription'; readonly host: string; readonly subscription: SubscriptionFact };

export interface Part {
  readonly changes: readonly Change[];
  readonly isLast: boolean;
}

export interface Told {
  readonly longestMs: number;
  readonly environments: number;
}

type State = Map<string, Environment>;

let inForce: State = new Map();
let staged: State = new Map();
let longestMs = 0;
let lastTurn = performance.now();

parentPort?.on('message', ({ changes, isLast }: Part) => {
  for (const change of changes) apply(staged, change);
  if (isLast) {
    inForce = staged;
    staged = new Map();
  }
  // Two turns on, so that the turn that this part came in is among those that were measured.
  setImmediate(() => setImmediate(tell));
});

turn();
tell();

function tell(): void {
  const told: Told = { longestMs, environments: inForce.size };
  parentPort?.postMessage(told, []);
  longestMs = 0;
}

function turn(): void {
  const now = performance.now();
  longestMs = Math.max(longestMs, now - lastTurn);
  lastTurn = now;
  setImmediate(turn);
}

function apply(state: State, change: Change): void {
  if (change.kind === 'environment') {
    state.set(change.host, { compiled: change.compiled, credentials: new Map(), subscriptions: new Map() });
    return;
  }
  state.get(change.host)?.subscriptions.set(change.subscription.id, change.subscription);
}
