// What a gateway tells Prometheus.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

const page = readFileSync(new URL('../../docs/operations/observing.md', import.meta.url), 'utf8');

let stack: Stack;
let gateway: GatewayProcess;

beforeAll(async () => {
  stack = await Stack.start();
  const upstream = await stack.upstream((req, res) => {
    req.resume();
    req.once('end', () => res.end('twelve bytes'));
  });
  const document = documentOf({ one: upstream.url }, [routeTo('one', '/open')]);
  stack.feed.publish(document);
  for (const digit of ['2', '3'])
    stack.feed.publish(document, {
      hosts: [`tenant-${digit}.test`],
      owner: { tenantId: `ten_${digit.repeat(32)}`, environmentId: `env_${digit.repeat(32)}` },
      tenantSlug: `tenant-${digit}`,
    });
  gateway = await stack.readyGateway({
    METRICS_MAX_ENVIRONMENTS: '2',
    ACCESS_LOG: 'stdout',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
  });
});
afterAll(async () => stack.stop());

async function samples(): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${gateway.opsPort}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

async function until(key: string, value: number): Promise<Map<string, number>> {
  return waitFor(
    async () => {
      const all = await samples();
      return all.get(key) === value && all;
    },
    { what: `${key} is ${value}` },
  );
}

test('golden signals are told by tenant up to the cap, and the rest together', async () => {
  await gateway.send('/open', { method: 'POST', body: 'four' });
  await gateway.send('/nowhere');
  await until('sluice_environment_requests_total{status="4xx",tenant="acme",environment="production"}', 1);
  await gateway.send('/open', { host: 'tenant-2.test' });
  await until('sluice_environment_requests_total{status="2xx",tenant="tenant-2",environment="production"}', 1);
  await gateway.send('/open', { host: 'tenant-3.test' });
  await gateway.send('/open', { host: 'nobody.test' });
  const all = await until('sluice_environment_problems_total{code="unknown_host",tenant="none",environment=""}', 1);
  const acme = 'tenant="acme",environment="production"';
  expect(all.get(`sluice_environment_requests_total{status="2xx",${acme}}`)).toBe(1);
  expect(all.get(`sluice_environment_problems_total{code="no_route",${acme}}`)).toBe(1);
  expect(all.get(`sluice_environment_body_bytes_total{direction="received",${acme}}`)).toBe(4);
  expect(all.get(`sluice_environment_body_bytes_total{direction="sent",${acme}}`)).toBeGreaterThan(12);
  expect(all.get(`sluice_environment_requests_in_flight{${acme}}`)).toBe(0);
  expect(all.get(`sluice_environment_request_duration_seconds_count{${acme}}`)).toBe(2);
  expect(all.get(`sluice_environment_request_duration_seconds_bucket{le="+Inf",${acme}}`)).toBe(2);
  expect(all.get(`sluice_environment_revision{${acme}}`)).toBe(1);
  expect(all.get('sluice_environment_requests_total{status="2xx",tenant="other",environment=""}')).toBe(1);
  expect([...all.keys()].filter((key) => key.includes('tenant-3'))).toEqual([]);
  expect(all.get('sluice_requests_total{status="2xx"}')).toBe(3);
  expect(all.get('sluice_request_duration_seconds_count')).toBe(5);
});

test('what the wire refuses is counted by its cause', async () => {
  const sendRaw = async (text: string): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(gateway.port, '127.0.0.1', () => socket.write(text));
      socket.resume().once('close', () => resolve());
    });
  await sendRaw('GET / HTTP/1.1\r\n\r\n');
  await sendRaw('TRACE / HTTP/1.1\r\nHost: api.acme.test\r\n\r\n');
  await sendRaw('GET / HTTP/1.1\nHost: api.acme.test\n\n');
  const all = await samples();
  const counts = ['head', 'method', 'forbidden_byte'].map((cause) =>
    all.get(`sluice_malformed_requests_total{cause="${cause}"}`),
  );
  expect(counts).toEqual([1, 1, 1]);
});

test('every metric is in the documentation, and nothing else is', async () => {
  const text = await (await fetch(`http://127.0.0.1:${gateway.opsPort}/metrics`)).text();
  const told = [...text.matchAll(/^# TYPE (sluice_\w+) /gm)]
    .map(([, name = '']) => name)
    .toSorted((one, other) => one.localeCompare(other));
  const documented = [...page.matchAll(/^\| `(sluice_\w+)` \|/gm)]
    .map(([, name = '']) => name)
    .toSorted((one, other) => one.localeCompare(other));
  expect(documented).toEqual(told);
});

test('the port for traffic answers operators’ paths as any other path', async () => {
  for (const path of ['/metrics', '/healthz', '/readyz']) {
    const known = await gateway.send(path);
    expect([known.status, (JSON.parse(known.body) as { code: string }).code]).toEqual([404, 'no_route']);
    const unknown = await gateway.send(path, { host: '127.0.0.1' });
    expect([unknown.status, (JSON.parse(unknown.body) as { code: string }).code]).toEqual([404, 'unknown_host']);
    expect((await fetch(`http://127.0.0.1:${gateway.opsPort}${path}`)).status).toBe(200);
  }
});
