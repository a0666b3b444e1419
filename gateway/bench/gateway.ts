// `npm run bench:gateway [-- --json] [--only small,post,...] [--seconds 5] [--rounds 3]`: what the gateway costs,
// beside NGINX, NGINX with Lua, and HAProxy, on one machine in one run. gateway/cores.ts says who runs where.
//
//   small   a small JSON answer, each contestant
//   post    a body of 4 KB up, a small answer
//   64k,1m  larger answers; 1m also by the byte
//   sizes   ours full, with one route and consumer, a hundred, and 10,000 routes with 100,000 credentials
//   latency that ours full adds, in an open loop at half of what it carries
//   memory  with that large configuration and 1,000 connections
//   flood   what one tenant's flood does to another's latency
//
// "ours bare" is a route without policies; its requests are recorded like all others. "ours full" is a route with a key, a
// plan with a rate and a quota, and a split of two arms; over TLS as well, for which there is no bar.
import { parseArgs } from 'node:util';
import { temporaryFolder } from '@sluice/local-stack';
import { reportFigures, type Measured } from '@sluice/local-stack/figures';
import { measureSizes, measureWorkload } from './gateway/cpu.js';
import { pinThisProgram } from './gateway/cores.js';
import { measureFloods } from './gateway/flood.js';
import { measureLatency } from './gateway/latency.js';
import { measureMemory } from './gateway/memory.js';
import { Bench } from './gateway/setting.js';

const parts = ['small', 'post', '64k', '1m', 'sizes', 'memory', 'latency', 'flood'] as const;
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    only: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
  },
});
const wanted = values.only === undefined ? [...parts] : parts.filter((part) => values.only?.split(',').includes(part));
if (wanted.length === 0) throw new Error(`--only takes some of ${parts.join(',')}`);

await reportFigures(async ({ say }) => {
  pinThisProgram();
  await using folder = await temporaryFolder('sluice-bench-');
  await using bench = await Bench.start({
    folder: folder.path,
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    say,
  });
  const figures: Measured[] = [];
  for (const part of wanted) {
    switch (part) {
      case 'sizes':
        figures.push(...(await measureSizes(bench)));
        break;
      case 'memory':
        figures.push(...(await measureMemory(bench)));
        break;
      case 'latency':
        figures.push(...(await measureLatency(bench)));
        break;
      case 'flood':
        figures.push(...(await measureFloods(bench)));
        break;
      default:
        figures.push(...(await measureWorkload(bench, part)));
    }
  }
  return figures;
});
