// The built log-worker as a process, and what a test wants to know of the databases around it.
import { fileURLToPath } from 'node:url';
import { freePort, startProcess } from '@sluice/local-stack';
import type { RunningProcess } from '@sluice/local-stack';

const script = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export interface LogWorkerProcess {
  readonly process: RunningProcess;
  readiness(): Promise<{ status: number; body: Record<string, unknown> }>;
  metrics(): Promise<string>;
}

export async function startLogWorker(urls: { redis: string; clickhouse: string }): Promise<LogWorkerProcess> {
  const port = await freePort();
  const running = await startProcess({
    name: 'log-worker',
    command: process.execPath,
    args: [script],
    env: { REDIS_QUEUE_URL: urls.redis, CLICKHOUSE_URL: urls.clickhouse, OPS_PORT: String(port), JOB_LOCK_MS: '1000' },
    readyUrl: `http://127.0.0.1:${port}/healthz`,
  });
  return {
    process: running,
    readiness: async () => {
      const res = await fetch(`http://127.0.0.1:${port}/readyz`);
      return { status: res.status, body: (await res.json()) as Record<string, unknown> };
    },
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
  };
}
