// What tests use to act as a gateway that records: a spool with one writer, in this process or in one that can be killed.
// As a process it is told by argument what to do, and prints one JSON line for each batch that it has flushed.
import { MessageChannel } from 'node:worker_threads';
import { newId, uuidOf } from '@sluice/contracts';
import { createLogger, createMetrics } from '@sluice/runtime';
import { createRecordWriter, type RecordWriter, type WorkerRecord } from './index.js';
import { startSpool, type SpoolOptions } from './spool.js';

export interface TriedSpool {
  readonly bootId: string;
  readonly writer: RecordWriter;
  metric(name: string, labels?: Record<string, string>): Promise<number>;
  stop(): Promise<void>;
}

export const trySpool = async (
  directory: string,
  redisUrl: string,
  options: Partial<SpoolOptions> = {},
): Promise<TriedSpool> => {
  const metrics = createMetrics();
  const bootId = newId('boot');
  const logger = createLogger('test', process.env['LOG_LEVEL'] ?? 'silent');
  const maxBytes = 2 * 1024 ** 3;
  const own = { directory, redisUrl, gatewayId: 'gw_test', bootId, logger, metrics, maxBytes };
  const spool = await startSpool({ ...own, ...options });
  const { port1, port2 } = new MessageChannel();
  spool.attach(port1);
  return {
    bootId,
    writer: createRecordWriter(port2),
    async metric(name, labels = {}) {
      const found = (await metrics.getMetricsAsJSON()).find((one) => one.name === name);
      const values = (found?.values ?? []).filter((one) =>
        Object.entries(labels).every(([label, value]) => one.labels[label] === value),
      );
      return values.reduce((sum, { value }) => sum + value, 0);
    },
    async stop() {
      await spool.stop();
      port1.close();
      port2.close();
    },
  };
};

export const sampleRecord = (changes: Partial<WorkerRecord> = {}): WorkerRecord => ({
  id: uuidOf(newId('request')),
  time: Date.now(),
  tenant_id: 'ten_1',
  environment_id: 'env_1',
  revision: 1,
  api: 'users',
  route: 'users',

  arm: 'stable',
  arm_reason: 'split',
  weight_version: 1,
  application_id: 'app_1',
  subscription_id: 'sub_1',
  credential_id: 'key_1',

  plan: 'free',
  method: 'GET',
  host: 'api.acme.test',
  path: '/api/users',
  status: 200,
  code: '',
  upstream: 'users',
  target: 'http://users:3000',

  attempts: 1,
  duration_us: 900,
  upstream_us: 700,
  request_bytes: 0,
  response_bytes: 12,
  limit_name: '',
  limit_left: -1,
  client_address: '127.0.0.1',
  client_request_id: '',
  reasons: '[]',
  phase: 'whole',
  ...changes,
});

const [, script, directory, redisUrl] = process.argv;
if (script?.endsWith('try-spool.ts') === true && directory !== undefined && redisUrl !== undefined) {
  const { bootId, writer } = await trySpool(directory, redisUrl);
  process.stdout.write(`${JSON.stringify({ bootId })}\n`);
  for (let row = 0; ; row += 1) {
    writer.write(sampleRecord({ path: `/${row}` }));
    if (row % 10 !== 9) continue;
    await writer.flush();
    process.stdout.write(`${JSON.stringify({ flushed: row + 1 })}\n`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
