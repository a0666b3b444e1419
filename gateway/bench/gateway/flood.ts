// One tenant floods, another is served: the 99th percentile of the other's latency, flooded against quiet, for each way to
// flood. In the quiet turn the same flood goes past the gateway to the upstream, so that load and client are as busy in
// both turns, and what differs is the gateway's.
import { inTurns, median, type Measured } from '@sluice/local-stack/figures';
import { startFlood, type FloodKind } from './flooding.js';
import { askOpenly } from './open-loop.js';
import { fullRequest, kneeOf } from './latency.js';
import type { Bench } from './setting.js';

const kinds: readonly { readonly kind: FloodKind; readonly name: string }[] = [
  { kind: 'limited', name: '429s' },
  { kind: 'bad-keys', name: 'bad tokens' },
  { kind: 'slow-bodies', name: 'slow bodies' },
  { kind: 'handshakes', name: 'handshakes' },
  { kind: 'not-found', name: '404s' },
];
const leastRounds = 5;
// The other tenant's share of the knee, and the flood's where it is made of requests.
const ownShare = 0.1;
const floodShare = 0.5;

export async function measureFloods(bench: Bench): Promise<Measured[]> {
  const { seconds, rounds, say } = bench.options;
  const { port } = await bench.gateway('one', true);
  const knee = await kneeOf(bench);
  const measured: Measured[] = [];
  let worst = 0;
  for (const { kind, name } of kinds) {
    const p99 = async (floodedPort: number): Promise<number> => {
      const flood = await startFlood({ kind, port: floodedPort, perSecond: Math.round(knee * floodShare) });
      try {
        const perSecond = Math.round(knee * ownShare);
        const load = { port, perSecond, seconds, connections: 32, requests: [fullRequest], status: 200 };
        const { p99Ms } = await askOpenly(load);
        const where = floodedPort === port ? 'flooded' : 'quiet';
        say(`flood of ${name}, ${where}: p99 ${p99Ms.toFixed(3)} ms`);
        return p99Ms;
      } finally {
        await flood.stop();
      }
    };
    const [quiet = [], flooded = []] = await inTurns(Math.max(leastRounds, rounds), [
      async () => p99(bench.upstream.ports[0]),
      async () => p99(port),
    ]);
    const ratio = median(flooded) / median(quiet);
    worst = Math.max(worst, ratio);
    measured.push({ name: `flood of ${name}: another's p99 against quiet`, value: ratio, unit: 'ratio' });
  }
  const name = "flood, the worst of them: another's p99 against quiet";
  return [...measured, { name, value: worst, unit: 'ratio', atMost: 1.25, better: 1.1 }];
}
