// One thread of a gateway under load: decides requests against its budgets as fast as they are due, and counts.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { createBudgets } from '../src/limits/index.js';
import { emptyCounts, limitsOf, type Load } from './limits-load.js';

const { shared, port, load } = workerData as { shared: SharedArrayBuffer; port: MessagePort; load: Load };
const budgets = createBudgets(shared, port);
const limits = limitsOf(load);
const counts = emptyCounts(load);
const draw = zipf(load.subscriptions);
const perMs = load.requestsPerSecond / load.threads / 1000;
const endMs = load.fromMs + load.windows * load.periodMs;
const startedMs = performance.now();
let sent = 0;

// Open loop: what was not sent in time is sent now. A thread with little to do sleeps until its next request, so that many
// threads do not wake each other's processors for nothing.
(function send(): void {
  const elapsedMs = performance.now() - startedMs;
  for (; sent < elapsedMs * perMs; sent += 1) void decide(draw());
  if (Date.now() < endMs + 300) {
    setTimeout(send, Math.max(1, sent / perMs - elapsedMs));
    return;
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  parentPort?.postMessage(counts);
})();

async function decide(index: number): Promise<void> {
  const limit = limits[index];
  if (limit === undefined) return;
  const asked = counts[windowNow()];
  if (asked !== undefined) {
    asked.requests += 1;
    asked.demanded[index] = (asked.demanded[index] ?? 0) + 1;
  }
  const charges = [{ limit, cost: 1 }];
  while (budgets.peek(limit) !== 0) {
    const window = windowNow();
    if (budgets.spend(charges).ok) {
      const count = counts[window];
      // Where a window ended in the midst, nobody can say from outside whose unit it was.
      if (count !== undefined && window === windowNow()) count.admitted[index] = (count.admitted[index] ?? 0) + 1;
      return;
    }
    const sinceMs = performance.now();
    const answer = await budgets.acquire(charges);
    counts[window]?.waitsMs.push(performance.now() - sinceMs);
    if (answer.state !== 'granted') return;
  }
}

function windowNow(): number {
  return Math.floor((Date.now() - load.fromMs) / load.periodMs);
}

/** Draws 0 most often, then 1, ...: each by 1 over its rank. */
function zipf(size: number): () => number {
  const sums = new Float64Array(size);
  let sum = 0;
  for (let rank = 1; rank <= size; rank += 1) sums[rank - 1] = sum += 1 / rank;
  return () => {
    const at = Math.random() * sum;
    let [low, high] = [0, size - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? sum) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
