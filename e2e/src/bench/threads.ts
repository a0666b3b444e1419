// `npm run bench:threads [-- --json]`: what a request costs a gateway of one process with two threads, against two
// processes with one thread each. Both platforms run at once, take turns, and do the same work; CPU is what the
// operating system charged to the gateways' processes, per answered request.
import { readFileSync } from 'node:fs';
import { inTurns, median, reportFigures } from '@sluice/local-stack/figures';
import { ControlClient } from '../control-client.js';
import { bootPlatform, type SmokePlatform } from '../platform.js';
import { createSmokeTenant, type SmokeTenant } from '../smoke/tenant.js';
import { sendTraffic } from '../traffic.js';

const rounds = 5;
const requestsARound = 8000;
// Linux counts CPU in hundredths of a second (man 5 proc, USER_HZ).
const microsecondsATick = 10_000;

interface Contestant {
  readonly name: string;
  readonly platform: SmokePlatform;
  readonly tenant: SmokeTenant;
  readonly gateways: readonly number[];
}

await reportFigures(async ({ say }) => {
  const contestants: Contestant[] = [];
  try {
    contestants.push(await enter(say, 'one process, two threads', 2, [0]));
    contestants.push(await enter(say, 'two processes, one thread each', 1, [0, 1]));
    for (const contestant of contestants) await load(contestant);
    const measured = await inTurns(
      rounds,
      contestants.map((contestant) => async () => {
        const before = cpuTicks(contestant);
        await load(contestant);
        const cpuUs = ((cpuTicks(contestant) - before) * microsecondsATick) / requestsARound;
        say(`${contestant.name}: ${cpuUs.toFixed(0)} µs`);
        return cpuUs;
      }),
    );
    const [threads = Number.NaN, processes = Number.NaN] = measured.map(median);
    return [
      { name: 'CPU per request, one process with two threads', value: threads, unit: 'µs' },
      { name: 'CPU per request, two processes with one thread', value: processes, unit: 'µs' },
      {
        name: 'CPU per request, threads / processes',
        value: threads / processes,
        unit: 'ratio',
        atMost: 1.05,
        better: 1,
      },
    ];
  } finally {
    for (const contestant of contestants) await contestant.platform.stop();
  }
});

async function enter(
  say: (line: string) => void,
  name: string,
  threads: number,
  gateways: readonly number[],
): Promise<Contestant> {
  const platform = await bootPlatform(say, threads);
  const client = new ControlClient(platform.controlUrl, platform.mailUrl);
  const tenant = await createSmokeTenant(client, {
    window: '100000000/day',
    canaryBps: 1000,
    upstreams: platform.demoUrls,
  });
  return { name, platform, tenant, gateways };
}

async function load({ platform, tenant, gateways }: Contestant): Promise<void> {
  const answers = await sendTraffic({
    ports: gateways.map((index) => platform.gateways[index]?.port ?? 0),
    host: tenant.host,
    path: tenant.path,
    headers: { [tenant.keyHeader]: tenant.key },
    count: requestsARound,
    concurrency: 32,
  });
  const bad = answers.filter((answer) => answer.status !== 200).length;
  if (bad > 0) throw new Error(`${bad} of ${answers.length} requests failed: nothing was measured`);
}

function cpuTicks({ platform, gateways }: Contestant): number {
  const pids = gateways.map((index) => platform.local.process(`gateway-${index + 1}`).pid ?? 0);
  return pids.map(ticksOf).reduce((sum, ticks) => sum + ticks, 0);
}

/** User and system time of a process with all its threads: fields 14 and 15, counted behind the name in brackets. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
