import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@sluice/local-stack';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { OtlpExporter } from './otlp-exporter.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function collector(statuses: readonly number[]): Promise<{ url: string; bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.once('end', () => {
      bodies.push(body);
      res.writeHead(statuses[bodies.length - 1] ?? 200).end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`, bodies };
}

function exporterTo(url: string, faults: string[] = [], mostQueued = 1000): OtlpExporter {
  return new OtlpExporter({
    url,
    headers: {},
    timeoutMs: 5000,
    scheduleMs: 1,
    mostQueued,
    envelope: ['[', ']'],
    onFault: (why) => faults.push(why),
  });
}

test('spans are sent together, in their envelope', async () => {
  const { url, bodies } = await collector([]);
  const exporter = exporterTo(url);
  exporter.add(['1', '2']);
  exporter.add(['3']);
  await exporter.stop();
  expect([bodies.join(''), exporter.exported, exporter.dropped]).toEqual(['[1,2,3]', 3, 0]);
});

test('what a collector cannot take now is sent again', async () => {
  const { url, bodies } = await collector([503, 429]);
  const exporter = exporterTo(url);
  exporter.add(['1']);
  await waitFor(() => exporter.exported === 1, { what: 'the span has been taken' });
  expect(bodies).toEqual(['[1]', '[1]', '[1]']);
});

test('what a collector refuses is dropped, counted, and told once', async () => {
  const { url } = await collector([400, 400, 200, 400]);
  const faults: string[] = [];
  const exporter = exporterTo(url, faults);
  for (const [index, expected] of [1, 2, 2, 3].entries()) {
    exporter.add([String(index)]);
    await waitFor(() => exporter.exported + exporter.dropped === index + 1, { what: 'it has ended' });
    expect(exporter.dropped).toBe(expected);
  }
  expect(faults).toEqual(['the collector answers 400', 'the collector answers 400']);
});

test('spans that went with an earlier batch leave no timer behind that would end the sending for good', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { url, bodies } = await collector([]);
  const exporter = exporterTo(url);
  exporter.add(['1']);
  vi.advanceTimersByTime(1);
  exporter.add(['2']); // while the first is on its way
  await waitFor(() => exporter.exported === 2, { what: 'both have been taken' });
  vi.advanceTimersByTime(1);
  exporter.add(['3']);
  vi.advanceTimersByTime(1);
  await exporter.stop();
  expect(bodies).toEqual(['[1]', '[2]', '[3]']);
});

test('what comes beyond the queue’s bound is dropped and counted', async () => {
  const { url, bodies } = await collector([]);
  const exporter = exporterTo(url, [], 2);
  exporter.add(['1', '2', '3']);
  await exporter.stop();
  expect([bodies, exporter.exported, exporter.dropped]).toEqual([['[1,2]'], 2, 1]);
});

test('the end of the process waits for no collector that is away', async () => {
  const faults: string[] = [];
  const exporter = exporterTo('http://127.0.0.1:1/v1/traces', faults);
  exporter.add(['1']);
  await exporter.stop();
  expect([exporter.dropped, faults.length]).toEqual([1, 1]);
});
