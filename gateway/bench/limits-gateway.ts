// One gateway process of `bench:limits`: a broker on the main thread, budgets on the others, no HTTP.
import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { createLogger, Registry } from '@sluice/runtime';
import { newId } from '@sluice/contracts';
import { startBroker } from '../src/limits/broker.js';
import { added, emptyCounts, type Load, type WindowCount } from './limits-load.js';

const given = JSON.parse(process.argv[2] ?? '{}') as Omit<Load, 'fromMs'>;
const metrics = new Registry();
const broker = await startBroker({
  redisUrls: [given.redisUrl],
  gatewayId: given.gatewayId,
  bootId: newId('boot'),
  dataDir: given.dataDir,
  logger: createLogger(given.gatewayId, 'silent'),
  metrics,
});
process.send?.('ready');
const [fromMs] = (await once(process, 'message')) as [number];
const load: Load = { ...given, fromMs };
const counts = emptyCounts(load);
const workers = Array.from({ length: load.threads }, () => {
  const { port1, port2 } = new MessageChannel();
  broker.attach(port1);
  return new Worker(new URL('limits-thread.ts', import.meta.url), {
    workerData: { shared: broker.shared, port: port2, load },
    transferList: [port2],
  });
});
const reports = workers.map((worker) => once(worker, 'message'));
const trips = watchRoundTrips();
for (const report of reports) added(counts, ((await report) as [WindowCount[]])[0]);
for (const [index, roundTrips] of (await trips).entries()) {
  const count = counts[index];
  if (count !== undefined) count.roundTrips = roundTrips;
}
await broker.stop();
process.send?.(counts, () => process.exit());

/** Round trips in each window. */
async function watchRoundTrips(): Promise<number[]> {
  const atBorders: number[] = [];
  for (let border = 0; border <= load.windows; border += 1) {
    const atMs = load.fromMs + border * load.periodMs;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - Date.now())));
    const found = (await metrics.getMetricsAsJSON()).find(({ name }) => name === 'sluice_limit_round_trips_total');
    atBorders.push((found?.values ?? []).reduce((sum, { value }) => sum + value, 0));
  }
  return atBorders.slice(1).map((count, index) => count - (atBorders[index] ?? 0));
}
