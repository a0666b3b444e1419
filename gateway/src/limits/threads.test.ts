import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { newId } from '@sluice/contracts';
import { createLogger, createMetrics } from '@sluice/runtime';
import { startBroker, type Broker } from './broker.js';
import type { LimitRef } from './index.js';
import { windowOf } from './try-limits.js';
import { redisForTests } from './try-redis.js';

const redis = redisForTests();

const thread = async (broker: Broker, limit: LimitRef): Promise<number> => {
  const { port1, port2 } = new MessageChannel();
  broker.attach(port1);
  const worker = new Worker(new URL('try-limits-thread.ts', import.meta.url), {
    execArgv: ['--import', new URL('../../test/run-typescript.mjs', import.meta.url).href],
    workerData: { shared: broker.shared, port: port2, limit },
    transferList: [port2],
  });
  const [accepted] = (await once(worker, 'message')) as [number];
  await worker.terminate();
  return accepted;
};

test.each([900, 20_000])('two gateways with two threads each accept exactly the %i units of a limit', async (units) => {
  const limit: LimitRef = windowOf(`sub_threads${units}`, units);
  const start = (): Promise<Broker> =>
    startBroker({
      redisUrls: [redis.url],
      gatewayId: 'gw_test',
      bootId: newId('boot'),
      logger: createLogger('test', 'silent'),
      metrics: createMetrics(),
    });
  const brokers = await Promise.all([start(), start()]);
  const accepted = await Promise.all(brokers.flatMap((broker) => [thread(broker, limit), thread(broker, limit)]));
  await Promise.all(brokers.map((broker) => broker.stop()));
  const sum = accepted.reduce((total, one) => total + one, 0);
  expect(sum).toBeLessThanOrEqual(units);
  expect(sum).toBeGreaterThanOrEqual(units * 0.99);
});
