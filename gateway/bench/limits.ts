// `npm run bench:limits [-- --json] [--period-s 60] [--windows 3] [--only a,b,threads]`: what exact limits cost, and what
// they leave unused, with brokers and budgets in real processes and threads against a real Redis, without HTTP.
//
//   a        one subscription with 10,000/min, ten times as many requests, spread 80/15/5 over three gateways
//   b        10,000 subscriptions with 60/min each, asked for by Zipf's law
//   threads  as a, with four gateways of four threads each
//
// A shorter `--period-s` keeps the rates. Shares, trips and waits are medians of the windows; what was admitted over a
// limit is the sum of all of them.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRedis, temporaryFolder } from '@sluice/local-stack';
import { median, percentile, reportFigures, type Measured } from '@sluice/local-stack/figures';
import { added, emptyCounts, type Load, type WindowCount } from './limits-load.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    'period-s': { type: 'string', default: '60' },
    windows: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
});
const periodMs = Number(values['period-s']) * 1000;
const windows = Number(values.windows);
const isWanted = (name: string): boolean => values.only === undefined || values.only.split(',').includes(name);

interface Scenario {
  readonly name: string;
  readonly says: string;
  readonly subscriptions: number;
  readonly unitsPerMinute: number;
  readonly requestsPerSecond: number;
  readonly spread: readonly number[];
  readonly threads: number;
  /** Round trips per request. */
  readonly reach: number;
}

const one = { subscriptions: 1, unitsPerMinute: 10_000, requestsPerSecond: 100_000 / 60, reach: 0.02 };
const scenarios: readonly Scenario[] = [
  { ...one, name: 'a', says: 'one subscription, 3 gateways', spread: [80, 15, 5], threads: 1 },
  {
    name: 'b',
    says: '10,000 subscriptions, 3 gateways',
    subscriptions: 10_000,
    unitsPerMinute: 60,
    requestsPerSecond: 3000,
    spread: [80, 15, 5],
    threads: 1,
    reach: 0.3,
  },
  { ...one, name: 'threads', says: 'one subscription, 4 gateways x 4 threads', spread: [70, 15, 10, 5], threads: 4 },
];
/** For the threads to start, and leases to find their size. */
const warmUpMs = 2000;

await reportFigures(async ({ say }) => {
  const figures: Measured[] = [];
  for (const scenario of scenarios.filter(({ name }) => isWanted(name))) {
    say(`${scenario.name}: ${scenario.says}`);
    figures.push(...figuresOf(scenario, await run(scenario)));
  }
  return figures;
});

async function run(scenario: Scenario): Promise<WindowCount[]> {
  await using folder = await temporaryFolder('sluice-bench-');
  const redis = await startRedis();
  const children: ReturnType<typeof fork>[] = [];
  try {
    const load: Load = {
      redisUrl: redis.url,
      dataDir: folder.path,
      gatewayId: '',
      threads: scenario.threads,
      subscriptions: scenario.subscriptions,
      units: unitsOf(scenario),
      periodMs,
      requestsPerSecond: 0,
      fromMs: 0,
      windows,
    };
    const counts = emptyCounts(load);
    for (const [index, share] of scenario.spread.entries()) {
      const gatewayId = `gw-${index}`;
      const requestsPerSecond = (scenario.requestsPerSecond * share) / 100;
      const own: Load = { ...load, gatewayId, requestsPerSecond, dataDir: join(folder.path, gatewayId) };
      children.push(
        fork(new URL('limits-gateway.ts', import.meta.url), [JSON.stringify(own)], {
          execArgv: ['--import', new URL('../test/run-typescript.mjs', import.meta.url).href],
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        }),
      );
    }
    for (const ready of children.map(messageOf)) await ready;
    const fromMs = Math.ceil((Date.now() + warmUpMs) / periodMs) * periodMs;
    const reports = children.map(messageOf);
    for (const child of children) child.send(fromMs);
    for (const report of reports) added(counts, (await report) as WindowCount[]);
    return counts;
  } finally {
    for (const child of children) child.kill();
    await redis.stop();
  }
}

async function messageOf(child: ReturnType<typeof fork>): Promise<unknown> {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`a gateway ended with ${code} before it had reported`);
    }),
  ])) as [unknown];
  return message;
}

function figuresOf(scenario: Scenario, counts: readonly WindowCount[]): Measured[] {
  const units = unitsOf(scenario);
  const share = ({ demanded, admitted }: WindowCount): number => {
    // Full demand: at least twice what the limit allows.
    const full = demanded.flatMap((count, index) => (count >= 2 * units ? [admitted[index] ?? 0] : []));
    return (100 * full.reduce((sum, count) => sum + count, 0)) / (units * full.length);
  };
  const over = counts.flatMap(({ admitted }) => admitted.map((count) => Math.max(0, count - units)));
  const named = (name: string): string => `${scenario.name}: ${name}`;
  return [
    {
      name: named('Redis round trips per request'),
      value: median(counts.map(({ roundTrips, requests }) => roundTrips / requests)),
      unit: 'ratio',
      atMost: scenario.reach,
    },
    { name: named('share of the limit used'), value: median(counts.map(share)), unit: '%', atLeast: 99.5, better: 100 },
    {
      name: named('wait for a lease, 99th percentile'),
      value: median(counts.map(({ waitsMs }) => percentile(waitsMs, 0.99))),
      unit: 'ms',
      atMost: 2,
    },
    {
      name: named('admitted over the limit'),
      value: over.reduce((sum, count) => sum + count, 0),
      unit: 'units',
      atMost: 0,
    },
    { name: named('requests'), value: counts.reduce((sum, { requests }) => sum + requests, 0), unit: 'in all' },
  ];
}

function unitsOf({ unitsPerMinute }: Scenario): number {
  return Math.round((unitsPerMinute * periodMs) / 60_000);
}
