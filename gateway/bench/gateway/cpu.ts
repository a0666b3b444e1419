// CPU per request: contestants in turn under the same closed loop, medians.
import { inTurns, median, type Measured } from '@sluice/local-stack/figures';
import { cpuUsOf } from './cores.js';
import type { Bench } from './setting.js';
import { sizes, workloads, type Contestant, type Size, type Workload } from './workloads.js';
import { answerAll } from './wrk.js';

interface Entry {
  readonly name: string;
  readonly contestant: Contestant;
  readonly route: 'bare' | 'full';
  readonly size: Size;
  readonly isTls?: boolean;
}

const connections = 32;

export async function measureWorkload(bench: Bench, name: keyof typeof workloads): Promise<Measured[]> {
  const ours = await bench.gateway('one');
  const of = (contestant: Contestant, route: 'bare' | 'full', called = contestant.name): Entry => {
    return { name: called, contestant, route, size: sizes.one };
  };
  const workload = workloads[name];
  const entries = [
    of(await bench.nginx(), 'full'),
    of(await bench.lua(), 'full'),
    of(await bench.haproxy(), 'full'),
    of(ours, 'bare', 'ours bare'),
    of(ours, 'full', 'ours full'),
    { ...of(ours, 'full', 'ours full, TLS'), contestant: { ...ours, port: ours.tlsPort }, isTls: true },
  ];
  const us = await measure(bench, workload, entries);
  const [nginx = Number.NaN, lua = Number.NaN, , bare = Number.NaN, full = Number.NaN] = us;
  const told = entries.map(({ name: who }, index): Measured => {
    return { name: `${workload.name}: CPU per request, ${who}`, value: us[index] ?? Number.NaN, unit: 'µs' };
  });
  const ratio = (what: string, value: number, bars: Partial<Measured> = {}): Measured => {
    return { name: `${workload.name}: ${what}`, value, unit: 'ratio', ...bars };
  };
  if (name === '1m')
    return [...told, ratio('CPU per byte, ours full / NGINX bare', full / nginx, { atMost: 1.5, better: 1.1 })];
  const isBarred = name === 'small';
  return [
    ...told,
    ratio('ours full / NGINX bare', full / nginx, isBarred ? { atMost: 1.6, better: 1.3 } : {}),
    ratio('ours full / NGINX + Lua', full / lua, isBarred ? { atMost: 1.25, better: 1 } : {}),
    ratio('ours full / ours bare', full / bare, isBarred ? { atMost: 1.2, better: 1.1 } : {}),
  ];
}

/** What a larger configuration costs a request. */
export async function measureSizes(bench: Bench): Promise<Measured[]> {
  const entries: Entry[] = [];
  for (const name of ['one', 'hundred', 'large'] as const)
    entries.push({
      name: `ours, ${sizes[name].routes} routes`,
      contestant: await bench.gateway(name),
      route: 'full',
      size: sizes[name],
    });
  const us = await measure(bench, workloads.small, entries);
  const [one = Number.NaN, hundred = Number.NaN, large = Number.NaN] = us;
  return [
    { name: 'sizes: CPU per request, 1 route and consumer', value: one, unit: 'µs' },
    { name: 'sizes: 100 routes and consumers / one', value: hundred / one, unit: 'ratio', atMost: 1.03, better: 1 },
    {
      name: 'sizes: 10,000 routes and 100,000 credentials / one',
      value: large / one,
      unit: 'ratio',
      atMost: 1.15,
      better: 1.05,
    },
  ];
}

/** Medians in µs, in the order of `entries`. */
async function measure(
  { options: { seconds, rounds, say, folder } }: Bench,
  workload: Workload,
  entries: readonly Entry[],
): Promise<number[]> {
  const measured = await inTurns(
    rounds,
    entries.map(({ name, contestant, route, size, isTls = false }) => async () => {
      const before = cpuUsOf(contestant.process.pid);
      const { port } = contestant;
      const answered = await answerAll({ port, isTls, workload, route, size, seconds, connections, folder });
      const us = (cpuUsOf(contestant.process.pid) - before) / answered.requests;
      const perSecond = Math.round(answered.requests / answered.seconds);
      say(`${workload.name}, ${name}: ${us.toFixed(1)} µs a request, ${perSecond} requests/s`);
      return us;
    }),
  );
  return measured.map(median);
}
