// Latency that the gateway adds, at half of what it can carry: the same open loop straight to the upstream and through the
// gateway in turn, one percentile less the other.
import { inTurns, median, type Measured } from '@sluice/local-stack/figures';
import { host } from '../../test/feed-server.js';
import { askOpenly } from './open-loop.js';
import type { Bench } from './setting.js';
import { keyOf, sizes, workloads } from './workloads.js';
import { answerAll } from './wrk.js';

const connections = 64;

export const fullRequest = `GET /full-0/small HTTP/1.1\r\nHost: ${host}\r\nX-Api-Key: ${keyOf(0)}\r\nAccept: application/json\r\n\r\n`;

export async function measureLatency(bench: Bench): Promise<Measured[]> {
  const { seconds, rounds, say } = bench.options;
  const ours = await bench.gateway('one');
  const knee = await kneeOf(bench);
  const perSecond = Math.round(knee / 2);
  say(`latency: the knee is at ${Math.round(knee)} requests/s`);
  const ask = async (name: string, port: number) => {
    const load = { port, perSecond, seconds, connections, requests: [fullRequest], status: 200 };
    const found = await askOpenly(load);
    const { p50Ms, p99Ms, lateP99Ms } = found;
    say(
      `latency, ${name}: p50 ${p50Ms.toFixed(3)} ms, p99 ${p99Ms.toFixed(3)} ms (sent late: ${lateP99Ms.toFixed(3)})`,
    );
    return found;
  };
  const [straight = [], through = []] = await inTurns(rounds, [
    async () => ask('straight to the upstream', bench.upstream.ports[0]),
    async () => ask('ours full', ours.port),
  ]);
  const added = (part: 'p50Ms' | 'p99Ms'): number =>
    median(through.map((one) => one[part])) - median(straight.map((one) => one[part]));
  return [
    { name: 'latency: requests/s at half the knee', value: perSecond, unit: '/s' },
    { name: 'latency: p50 through ours full', value: median(through.map(({ p50Ms }) => p50Ms)), unit: 'ms' },
    { name: 'latency: p99 through ours full', value: median(through.map(({ p99Ms }) => p99Ms)), unit: 'ms' },
    { name: 'latency: added at half the knee, p50', value: added('p50Ms'), unit: 'ms', atMost: 0.3, better: 0.15 },
    { name: 'latency: added at half the knee, p99', value: added('p99Ms'), unit: 'ms', atMost: 1.2, better: 0.6 },
  ];
}

/** Requests a second that ours full carries when it is asked for more. */
export async function kneeOf(bench: Bench): Promise<number> {
  const { seconds, rounds, folder } = bench.options;
  const { port } = await bench.gateway('one');
  const load = { port, route: 'full', size: sizes.one, seconds, connections: 32, folder } as const;
  const [carried = []] = await inTurns(rounds, [
    async () => {
      const answered = await answerAll({ ...load, workload: workloads.small });
      return answered.requests / answered.seconds;
    },
  ]);
  return median(carried);
}
