// A thread of a gateway throws what nothing catches, or ends: nobody but what was in flight on it feels it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';
import { SteadyLoad } from './steady-load.js';

let stack: Stack;
let held: ServerResponse[];

beforeEach(async () => {
  held = [];
  stack = await Stack.start();
  const upstream = await stack.upstream((req, res) => {
    if (req.url === '/open/hold') {
      res.write('begun ');
      held.push(res);
    } else res.end('ok');
  });
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open')]));
});
afterEach(async () => stack.stop());

const faultFile = (): string => `${stack.dataDir}-fault`;

async function failingGateway(more: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
  return stack.readyGateway({
    FAULT_FILE: faultFile(),
    NODE_OPTIONS: `--import ${fileURLToPath(new URL('failing-thread.ts', import.meta.url))}`,
    ...more,
  });
}

test('with REPLACE_ITSELF=1 a new process takes over after a fault, and no request fails', async () => {
  const gateway = await failingGateway({ REPLACE_ITSELF: '1' });
  const sinceMs = performance.now();
  const load = new SteadyLoad({ path: '/open', fresh: 3, kept: 3, port: () => gateway.port });
  // A process that has only just begun to serve is not replaced again.
  await waitFor(() => performance.now() - sinceMs > 4000, { what: 'it has served for a while' });
  writeFileSync(faultFile(), 'throw');
  await waitFor(() => ![undefined, gateway.pid].includes(stack.servingPid()), {
    what: 'a new process serves',
    timeoutMs: 90_000,
  });
  const before = load.answered;
  await waitFor(() => load.answered > before + 100, { what: 'the load goes on' });
  await load.stop();
  expect(gateway.output).toContain('a planted fault');
  expect(load.failures).toEqual([]);
  expect([...load.statuses.keys()]).toEqual([200]);
}, 180_000);

test('otherwise, after a thread throws, what is in flight ends whole, its own too, and the process ends with 1', async () => {
  const gateway = await failingGateway();
  const { whole, said } = await endedAfter(gateway, 'throw');
  expect([whole, said]).toEqual([8, 'draining']);
  expect(gateway.output).toContain('thread 0: Error: a planted fault');
  expect(await gateway.exited).toBe(1);
}, 120_000);

test('after the main thread throws, what is in flight ends whole, and the process ends with 1', async () => {
  const gateway = await failingGateway();
  const { whole, said } = await endedAfter(gateway, 'throw in main');
  expect([whole, said]).toEqual([8, 'draining']);
  expect(gateway.output).toContain('a planted fault');
  expect(await gateway.exited).toBe(1);
}, 120_000);

test('after a thread ends, what the others have in flight ends whole, and the process ends with 1', async () => {
  // Of eight connections the kernel gives each of four threads two, more or less.
  const gateway = await failingGateway({ THREADS: '4' });
  const { whole, said } = await endedAfter(gateway, 'exit');
  expect([whole > 0, said]).toEqual([true, 'draining']);
  expect(gateway.output).toContain('thread 0 ended with status 1');
  expect(await gateway.exited).toBe(1);
}, 120_000);

/** How many of eight answers under way ended whole, and why /readyz said no meanwhile. */
async function endedAfter(
  gateway: GatewayProcess,
  what: 'throw' | 'throw in main' | 'exit',
): Promise<{ whole: number; said: unknown }> {
  const answers = await Promise.all(Array.from({ length: 8 }, async () => gateway.open('/open/hold')));
  const bodies = Promise.all(answers.map(bodyOf));
  writeFileSync(faultFile(), what);
  await waitFor(async () => (await gateway.ready()).status === 503, { what: 'it says that it is not ready' });
  const said = (await gateway.ready()).body['reason'];
  for (const res of held) res.end('ended');
  return { whole: (await bodies).filter((body) => body === 'begun ended').length, said };
}

async function bodyOf(res: IncomingMessage): Promise<string> {
  let body = '';
  try {
    for await (const chunk of res) body += String(chunk);
  } catch {
    return 'broken';
  }
  return body;
}
