// How long a worker thread of a gateway stands still while a whole new configuration is handed to it, as
// `gateway/src/snapshot` does it: in parts, each copied by the thread's port and taken in before the next one is sent,
// and put in force in one turn. Credentials are not handed over: threads share them. In a process of its own, so that the
// memory that grows is what this takes.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { partsOf } from './parts.ts';
import type { Change, Told } from './swap-thread.ts';
import { compileTenant, documentOf, hostOf, subscriptionOf } from './world.ts';

const [tenants = 0, routes = 0, subscriptions = 0] = process.argv.slice(2).map(Number);
const typescript = new URL('../../../gateway/test/run-typescript.mjs', import.meta.url).href;
const worker = new Worker(new URL('swap-thread.ts', import.meta.url), {
  execArgv: ['--import', typescript],
  resourceLimits: { maxYoungGenerationSizeMb: 16 },
});
await once(worker, 'message');
// A first tenant warms up whatever is compiled or loaded once.
await handOver(changesOf(1));
const before = process.memoryUsage().rss;
await handOver(changesOf(tenants));
const grownBytes = process.memoryUsage().rss - before;
// This one is measured: it replaces a whole that is in force.
const changes = changesOf(tenants);
const begun = performance.now();
const longestStallMs = await handOver(changes);
const totalMs = performance.now() - begun;
const grownBySwapBytes = process.memoryUsage().rss - before;
await worker.terminate();
process.stdout.write(JSON.stringify({ longestStallMs, totalMs, grownBytes, grownBySwapBytes }));

function changesOf(count: number): Change[] {
  const list: Change[] = [];
  for (let tenant = 0; tenant < count; tenant += 1) {
    const host = hostOf(tenant);
    list.push({ kind: 'environment', host, compiled: compileTenant(tenant, documentOf(tenant, routes)) });
    for (let index = 0; index < subscriptions; index += 1)
      list.push({ kind: 'subscription', host, subscription: subscriptionOf(tenant, index) });
  }
  return list;
}

async function handOver(list: readonly Change[]): Promise<number> {
  const parts = partsOf(list);
  let longestMs = 0;
  for (const [index, part] of parts.entries()) {
    worker.postMessage({ changes: part, isLast: index === parts.length - 1 }, []);
    const [told] = (await once(worker, 'message')) as [Told];
    longestMs = Math.max(longestMs, told.longestMs);
  }
  return longestMs;
}
