// `npm run sim:limits -- [--seeds 20000] [--from 1] [--seed 7 --trace] [--without flush,kill] [--among leave,flush] [--local] [--break grant-one-more]`
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { startRedis } from '@sluice/local-stack';
import { leaseScript } from '../src/limits/lease-script.js';
import { mutated } from '../src/limits/simulation/mutations.js';
import { manySeeds, seedsFrom } from '../src/limits/simulation/many-seeds.js';
import type { Outcome } from '../src/limits/simulation/simulate.js';
import { troubleKinds, type TroubleKind } from '../src/limits/simulation/troubles.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    without: { type: 'string' },
    among: { type: 'string' },
    only: { type: 'string' },
    kinds: { type: 'string' },
    gateways: { type: 'string' },
    local: { type: 'boolean', default: false },
    break: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const troublesOf = (names: string | undefined): TroubleKind[] =>
  (names?.split(',') ?? []).map((name) => {
    const kind = troubleKinds.find((one) => one === name);
    if (kind === undefined) throw new Error(`No such trouble: ${name}. There are: ${troubleKinds.join(', ')}.`);
    return kind;
  });
const source = values.break === undefined ? leaseScript : mutated(leaseScript, values.break);
const from = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;

const redis = await startRedis();
const client = new Redis(redis.url);
const startedMs = performance.now();
let failed = 0;
let requests = 0;
let evaluations = 0;
const tell = (outcome: Outcome): void => {
  requests += outcome.requests;
  evaluations += outcome.evaluations;
  if (outcome.violations.length === 0) return;
  failed += 1;
  process.stdout.write(`seed ${outcome.seed}: ${outcome.violations.length} violations\n`);
  for (const { limit, atMs, says } of outcome.violations.slice(0, 3))
    process.stdout.write(`  ${atMs.toFixed(3)} ms ${limit}: ${says}\n`);
};
await manySeeds(
  seedsFrom(from, count),
  {
    client,
    script: source,
    onOutage: values.local ? 'local' : 'deny',
    without: troublesOf(values.without),
    ...(values.among === undefined ? {} : { among: troublesOf(values.among) }),
    ...(values.only === undefined ? {} : { only: values.only.split(',').filter(Boolean).map(Number) }),
    ...(values.kinds === undefined ? {} : { kinds: values.kinds.split(',') as never }),
    ...(values.gateways === undefined ? {} : { gateways: Number(values.gateways) }),
    ...(values.trace ? { trace: (line: string) => void process.stdout.write(`${line}\n`) } : {}),
  },
  tell,
  () => failed >= 20,
);
client.disconnect();
await redis.stop();
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
process.stdout.write(
  `${count} seeds in ${seconds} s, ${requests} requests, ${evaluations} script calls: ${failed} seeds failed\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
