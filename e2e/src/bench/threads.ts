// `npm run bench:threads [-- --json]`: what a request costs a gateway of one process with two threads, against two
// processes with one thread each. Both platforms run at once, take turns, and do the same work; CPU is what the
// operating system charged to the gateways' processes, per answered request.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { ControlClient } from '../control-client.js';
import { bootPlatform, type SmokePlatform } from '../platform.js';
import { createSmokeTenant, type SmokeTenant } from '../smoke/tenant.js';
import { sendTraffic } from '../traffic.js';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const rounds = 5;
const requestsARound = 8000;
// Linux counts CPU in hundredths of a second (man 5 proc, USER_HZ).
const microsecondsATick = 10_000;

interface Contestant {
  readonly name: string;
  readonly platform: SmokePlatform;
  readonly tenant: SmokeTenant;
  readonly gateways: readonly number[];
  readonly cpuUs: number[];
}

const say = (line: string): void => void process.stderr.write(`  ${line}\n`);
const contestants = [
  await enter('one process, two threads', 2, [0]),
  await enter('two processes, one thread each', 1, [0, 1]),
];
try {
  for (const contestant of contestants) await load(contestant);
  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of contestants) {
      const before = cpuTicks(contestant);
      await load(contestant);
      contestant.cpuUs.push(((cpuTicks(contestant) - before) * microsecondsATick) / requestsARound);
    }
    say(`round ${round + 1} of ${rounds}`);
  }
  print();
} finally {
  for (const contestant of contestants) await contestant.platform.stop();
}

async function enter(name: string, threads: number, gateways: readonly number[]): Promise<Contestant> {
  const platform = await bootPlatform(say, threads);
  const client = new ControlClient(platform.controlUrl, platform.mailUrl);
  const tenant = await createSmokeTenant(client, {
    window: '100000000/day',
    canaryBps: 1000,
    upstreams: platform.demoUrls,
  });
  return { name, platform, tenant, gateways, cpuUs: [] };
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

function median(numbers: readonly number[]): number {
  return numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function print(): void {
  const [threads, processes] = contestants.map((contestant) => median(contestant.cpuUs));
  const ratio = (threads ?? Number.NaN) / (processes ?? Number.NaN);
  if (values.json) {
    const figures = [
      {
        name: 'CPU per request, threads / processes',
        value: ratio,
        unit: 'ratio',
        reach: 1.05,
        better: 1,
        met: ratio <= 1.05,
      },
    ];
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    process.stdout.write(
      `${JSON.stringify({ figures, machine: `${cpus().length} x ${cpus()[0]?.model ?? ''}`, commit })}\n`,
    );
    return;
  }
  for (const { name, cpuUs } of contestants) {
    process.stdout.write(
      `  ${name.padEnd(32)} ${median(cpuUs).toFixed(0)} µs CPU a request (${cpuUs.map((one) => one.toFixed(0)).join(', ')})\n`,
    );
  }
  process.stdout.write(`  threads / processes: ${ratio.toFixed(2)}\n`);
}
