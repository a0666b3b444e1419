// Traces, as a collector and an upstream see them.
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: { stringValue?: string; intValue?: string } }[];
  status: { code?: number };
}

const page = readFileSync(new URL('../../docs/operations/observing.md', import.meta.url), 'utf8');
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

let stack: Stack;
let gateway: GatewayProcess;
let collector: Server;
let seen: IncomingHttpHeaders[];
const spans: Span[] = [];
let posted: { url: string | undefined; headers: IncomingHttpHeaders } | undefined;

beforeAll(async () => {
  collector = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.once('end', () => {
      posted = { url: req.url, headers: req.headers };
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as {
        resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
      };
      for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  stack = await Stack.start();
  seen = [];
  const upstream = await stack.upstream((req, res) => {
    seen.push(req.headers);
    if (req.url?.startsWith('/twice') === true && seen.length === 1) res.writeHead(503).end();
    else res.end('ok');
  });
  const retries = { retries: { attempts: 2, statuses: [503], backoffMs: 1 } };
  stack.feed.publish(
    documentOf({ one: upstream.url }, [routeTo('one', '/open'), routeTo('one', '/twice', { policies: [retries] })]),
  );
  gateway = await stack.readyGateway({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc',
    OTEL_BSP_SCHEDULE_DELAY: '20',
  });
});
afterAll(async () => {
  await stack.stop();
  collector.closeAllConnections();
  collector.close();
});

const attribute = (span: Span | undefined, key: string): string | undefined => {
  const value = span?.attributes.find((one) => one.key === key)?.value;
  return value?.stringValue ?? value?.intValue;
};

async function spansOf(trace: string, count: number): Promise<Span[]> {
  return waitFor(
    () => {
      const own = spans.filter((span) => span.traceId === trace);
      return own.length >= count && own;
    },
    { what: `${count} spans of the trace ${trace} have come` },
  );
}

test('a request continues its caller’s trace: a span for it, one for each try, and the try is the upstream’s parent', async () => {
  seen.length = 0;
  const answer = await gateway.send('/twice/a?token=secret', {
    headers: { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'vendor=1' },
  });
  expect(answer.status).toBe(200);
  const own = await spansOf(traceId, 3);
  const server = own.find(({ kind }) => kind === 2);
  const tries = own.filter(({ kind }) => kind === 3);
  expect([server?.parentSpanId, server?.name]).toEqual([spanId, 'GET orders/twice']);
  expect(tries.map(({ parentSpanId }) => parentSpanId)).toEqual([server?.spanId, server?.spanId]);
  expect(seen.map((headers) => headers['traceparent'])).toEqual(tries.map((one) => `00-${traceId}-${one.spanId}-01`));
  expect(seen.map((headers) => headers['tracestate'])).toEqual(['vendor=1', 'vendor=1']);
  expect(tries.map((one) => attribute(one, 'http.response.status_code'))).toEqual(['503', '200']);
  expect(tries.map((one) => attribute(one, 'http.request.resend_count'))).toEqual([undefined, '1']);
  expect(tries.map(({ status }) => status.code)).toEqual([2, undefined]);
  expect(attribute(server, 'url.path')).toBe('/twice/a');
  expect(attribute(server, 'sluice.arm')).toBe('stable');
  expect(attribute(server, 'sluice.request_id')).toBe(answer.headers['x-sluice-request-id']);
  expect(JSON.stringify(own)).not.toContain('secret');
  for (const span of own) expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
  expect([posted?.url, posted?.headers['authorization']]).toEqual(['/v1/traces', 'Bearer abc']);
});

test('a caller’s word that is not well formed goes nowhere: a new trace begins', async () => {
  seen.length = 0;
  await gateway.send('/open', {
    headers: { traceparent: `00-${'0'.repeat(32)}-${spanId}-01`, tracestate: 'vendor=1' },
  });
  const [, fresh = ''] = String(seen[0]?.['traceparent']).split('-');
  const own = await spansOf(fresh, 2);
  expect(own.find(({ kind }) => kind === 2)?.parentSpanId).toBeUndefined();
  expect(seen[0]?.['tracestate']).toBeUndefined();
});

test('a caller that does not record is heard: no span, and the upstream is told', async () => {
  seen.length = 0;
  const other = traceId.replace('4', '5');
  await gateway.send('/open', { headers: { traceparent: `00-${other}-${spanId}-00` } });
  const told = String(seen[0]?.['traceparent']);
  expect(told).toMatch(new RegExp(`^00-${other}-[0-9a-f]{16}-00$`));
  await gateway.send('/open', { headers: { traceparent: `00-${other.replace('5', '6')}-${spanId}-01` } });
  await spansOf(other.replace('5', '6'), 2);
  expect(spans.filter((span) => span.traceId === other)).toEqual([]);
});

test('what is not served is traced with its problem, and the end of the process loses no span', async () => {
  const other = traceId.replace('4', '7');
  await gateway.send('/nowhere', { headers: { traceparent: `00-${other}-${spanId}-01` } });
  await gateway.stop();
  const [span] = await spansOf(other, 1);
  expect([attribute(span, 'sluice.code'), attribute(span, 'http.response.status_code')]).toEqual(['no_route', '404']);
});

test('without a collector what callers say of their traces passes through as it is', async () => {
  const off = await stack.readyGateway();
  seen.length = 0;
  await off.send('/open', { headers: { traceparent: 'whatever', tracestate: 'vendor=1' } });
  expect([seen[0]?.['traceparent'], seen[0]?.['tracestate']]).toEqual(['whatever', 'vendor=1']);
});

test('every attribute is in the documentation, and nothing else is', () => {
  const [, tables = ''] = page.split("### The request's span");
  const documented = [...tables.matchAll(/^\| (?<names>`[^|]*) \|/gm)].flatMap(({ groups }) =>
    [...(groups?.['names'] ?? '').matchAll(/`([\w.]+)`/g)].map(([, name]) => name),
  );
  const told = spans.flatMap(({ attributes }) => attributes.map(({ key }) => key));
  expect(new Set(documented)).toEqual(new Set(told));
});
