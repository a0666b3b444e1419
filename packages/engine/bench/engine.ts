// `npm run bench:engine [-- --json]`: what a decision costs (route, API key by its SHA-256, plan, two limits, split), for
// one tenant and for a thousand; what compiling and holding the thousand costs; and how long a thread of a gateway stands
// still while they are swapped in.
//
// The thousand are asked in two ways. `a tenant of 1,000`: the same requests as to the only tenant, so that the ratio says
// what 999 others cost it. `1,000 tenants evenly`: every request goes to another tenant, route and credential, drawn by
// chance, so that it meets data that no cache of the processor holds; nothing in the engine can be slower than this.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decide } from '@sluice/engine';
import { inTurns, median, percentile, reportFigures } from '@sluice/local-stack/figures';
import type { World } from './world.ts';
import { WorldFacts, buildWorld, compileTenant, documentOf, requestTo } from './world.ts';

const one = { tenants: 1, routes: 10, credentials: 100 };
const thousand = { tenants: 1000, routes: 10, credentials: 100 };
const rounds = 5;
const decisionsARound = 40_000;
const now = Date.UTC(2026, 10, 23);

interface Contestant {
  readonly world: World;
  /** Draws the tenant that is asked next. */
  readonly tenant: (draw: () => number) => number;
}

interface Spent {
  /** Microseconds. */
  readonly median: number;
  readonly p99: number;
}

interface Swap {
  readonly longestStallMs: number;
  readonly totalMs: number;
  readonly grownBytes: number;
  readonly grownBySwapBytes: number;
}

await reportFigures(async ({ say }) => {
  const documents = Array.from({ length: thousand.tenants }, (_, tenant) => documentOf(tenant, thousand.routes));
  const [compiling = []] = await inTurns(3, [
    () => millisecondsOf(() => documents.forEach((document, tenant) => compileTenant(tenant, document))),
  ]);
  say(`compiled 1,000 tenants: ${median(compiling).toFixed(0)} ms`);
  documents.length = 0;

  const large = buildWorld(thousand);
  const contestants: Contestant[] = [
    { world: buildWorld(one), tenant: () => 0 },
    { world: large, tenant: () => 0 },
    { world: large, tenant: (draw) => Math.floor(draw() * thousand.tenants) },
  ];
  for (const contestant of contestants) decideAll(contestant);
  const spent = await inTurns(
    rounds,
    contestants.map((contestant) => () => decideAll(contestant)),
  );
  say(`decided ${contestants.length * (rounds + 1) * decisionsARound} requests`);
  const [only, amongMany, evenly] = spent.map((each) => ({
    median: median(each.map((round) => round.median)),
    p99: median(each.map((round) => round.p99)),
  }));
  if (only === undefined || amongMany === undefined || evenly === undefined) throw new Error('a contestant is missing');
  const [swaps = []] = await inTurns(3, [swap]);
  const ofSwaps = (number: (each: Swap) => number): number => median(swaps.map(number));
  return [
    { name: 'decide, 1 tenant, median', value: only.median, unit: 'µs', atMost: 3 },
    { name: 'decide, 1 tenant, p99', value: only.p99, unit: 'µs' },
    { name: 'decide, a tenant of 1,000, median', value: amongMany.median, unit: 'µs', atMost: 3 },
    { name: 'decide, a tenant of 1,000, p99', value: amongMany.p99, unit: 'µs' },
    { name: 'decide, 1,000 tenants evenly, median', value: evenly.median, unit: 'µs', atMost: 3 },
    { name: 'decide, 1,000 tenants evenly, p99', value: evenly.p99, unit: 'µs' },
    {
      name: 'a tenant of 1,000 / 1 tenant',
      value: amongMany.median / only.median,
      unit: 'ratio',
      atMost: 1.2,
      better: 1,
    },
    {
      name: '1,000 tenants evenly / 1 tenant',
      value: evenly.median / only.median,
      unit: 'ratio',
      atMost: 1.2,
      better: 1,
    },
    { name: 'compile 1,000 tenants', value: median(compiling) / 1000, unit: 's', atMost: 2 },
    {
      name: 'memory of 1,000 tenants, main thread and one worker',
      value: ofSwaps((each) => each.grownBytes / 1e6),
      unit: 'MB',
      atMost: 400,
    },
    {
      name: 'the same after they were swapped once more',
      value: ofSwaps((each) => each.grownBySwapBytes / 1e6),
      unit: 'MB',
    },
    {
      name: 'longest stall of a thread while 1,000 are swapped in',
      value: ofSwaps((each) => each.longestStallMs),
      unit: 'ms',
      atMost: 20,
    },
    { name: 'until they are in force', value: ofSwaps((each) => each.totalMs), unit: 'ms' },
  ];
});

// Each decision is timed by itself; what reading the clock costs is measured the same way and taken off.
function decideAll({ world, tenant }: Contestant): Spent {
  const draw = xorshift(0x9e3779b9);
  const times = new Float64Array(decisionsARound);
  const clock = new Float64Array(decisionsARound);
  for (let index = 0; index < decisionsARound; index += 1) {
    const request = requestTo(tenant(draw), Math.floor(draw() * 10), Math.floor(draw() * 100), index);
    const begun = performance.now();
    const between = performance.now();
    const environment = world.environmentOf(request.host);
    if (environment === undefined) throw new Error(`nobody is served at ${request.host}`);
    const decision = decide(environment.compiled, request, new WorldFacts(environment), now, index);
    times[index] = performance.now() - between;
    clock[index] = between - begun;
    if (decision.kind !== 'forward') throw new Error(`not forwarded: ${JSON.stringify(decision.reasons)}`);
  }
  const own = median([...clock]);
  const ofShare = (share: number): number => (percentile([...times], share) - own) * 1000;
  return { median: ofShare(0.5), p99: ofShare(0.99) };
}

async function swap(): Promise<Swap> {
  const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const { tenants, routes, credentials } = thousand;
  const args = ['--import', file('../../../gateway/test/run-typescript.mjs'), file('swap.ts')];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...args,
    ...[tenants, routes, credentials].map(String),
  ]);
  return JSON.parse(stdout) as Swap;
}

/** Marsaglia's xorshift (2003): the same draws in every run. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

function millisecondsOf(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}
