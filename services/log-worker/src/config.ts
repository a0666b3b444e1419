// The environment of the log-worker.
import { secret, variable } from '@sluice/runtime';
import type { Config } from '@sluice/runtime';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export const configSchema = z.object({
  redis: z.object({
    url: secret('REDIS_QUEUE_URL', z.url({ protocol: /^rediss?$/ }), "the URL of the queue's Redis: redis://host:6379"),
  }),
  clickhouse: z.object({
    url: secret(
      'CLICKHOUSE_URL',
      z.url({ protocol: /^https?$/ }),
      "the URL of ClickHouse's HTTP interface: http://user:password@host:8123/database",
    ),
  }),
  ops: z.object({
    port: variable('OPS_PORT', port.default(9400), 'the port for /healthz, /readyz and /metrics'),
  }),
  concurrency: variable(
    'CONCURRENCY',
    z.coerce.number().int().min(1).max(64).default(4),
    'how many segments are inserted at once, 1 to 64',
  ),
  jobLockMs: variable(
    'JOB_LOCK_MS',
    z.coerce.number().int().min(500).max(300_000).default(10_000),
    'how long a worker that died keeps its segment from the others, in milliseconds',
  ),
  logLevel: variable('LOG_LEVEL', z.enum(logLevels).default('info'), `one of ${logLevels.join(', ')}`),
});

export type LogWorkerConfig = Config<z.infer<typeof configSchema>>;
