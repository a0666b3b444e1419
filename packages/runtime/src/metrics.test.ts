import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { readCounter, readGauge } from './metrics.js';

const shown = async (registry: Registry): Promise<string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('a number that is kept elsewhere is what it is when somebody looks, however often', async () => {
  const registry = new Registry();
  let waiting = 3;
  readGauge(registry, 'waiting', 'Requests that wait', () => waiting);
  expect(await shown(registry)).toEqual(['waiting 3']);
  waiting = 1;
  expect([await shown(registry), await shown(registry)]).toEqual([['waiting 1'], ['waiting 1']]);
});

test('a count that is kept elsewhere is not added to what was shown before', async () => {
  const registry = new Registry();
  const counted = { good: 2, bad: 0 };
  const fill: Parameters<typeof readCounter>[3] = (metric) => {
    for (const [outcome, count] of Object.entries(counted)) metric.inc({ outcome }, count);
  };
  readCounter(registry, 'checks_total', 'Checks', fill, ['outcome']);
  expect(await shown(registry)).toEqual(['checks_total{outcome="good"} 2', 'checks_total{outcome="bad"} 0']);
  counted.good = 5;
  expect(await shown(registry)).toEqual(['checks_total{outcome="good"} 5', 'checks_total{outcome="bad"} 0']);
});
