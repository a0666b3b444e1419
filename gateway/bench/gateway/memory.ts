// Resident memory of a gateway with one worker thread, while it serves a thousand connections by a large configuration.
import type { Measured } from '@sluice/local-stack/figures';
import { residentBytesOf } from '../../test/resident-bytes.js';
import type { Bench } from './setting.js';
import { sizes, workloads } from './workloads.js';
import { answerAll } from './wrk.js';

const connections = 1000;
const sampleEveryMs = 200;

export async function measureMemory(bench: Bench): Promise<Measured[]> {
  const { seconds, folder, say } = bench.options;
  const { port, process } = await bench.gateway('large');
  const idleBytes = residentBytesOf(process.pid);
  const samples: number[] = [];
  const load = { port, route: 'full', size: sizes.large, seconds, connections, folder } as const;
  const sampling = setInterval(() => samples.push(residentBytesOf(process.pid)), sampleEveryMs);
  try {
    await answerAll({ ...load, workload: workloads.small });
  } finally {
    clearInterval(sampling);
  }
  const bytes = Math.max(...samples);
  say(`memory: ${Math.round(bytes / 1e6)} MB with ${connections} connections`);
  return [
    { name: 'memory: before the connections', value: idleBytes / 1e6, unit: 'MB' },
    {
      name: 'memory: 10,000 routes, 100,000 credentials, 1,000 connections',
      value: bytes / 1e6,
      unit: 'MB',
      atMost: 300,
      better: 200,
    },
  ];
}
