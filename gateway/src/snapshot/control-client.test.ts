import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GatewayActivity, HeartbeatBody, Receipt, ReceiptsBody } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { createLogger } from '@sluice/runtime';
import { Agent } from 'undici';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ControlClient } from './control-client.js';

const receiptOf = (environmentId: string): Receipt => ({
  tenantId: 'ten_1',
  environmentId,
  revision: 1,
  revisionId: 'rev_1',
  state: 'applied',
  refusals: [],
});

/** A control API that answers each batch of receipts as it is told to. */
async function start(
  statusOf: (environmentIds: readonly string[]) => number,
  activity: () => GatewayActivity = () => 'serving',
): Promise<{ client: ControlClient; taken: Set<string>; batches: string[][]; beats: () => number; told: string[] }> {
  const taken = new Set<string>();
  const batches: string[][] = [];
  let beats = 0;
  const told: string[] = [];
  const server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk: Buffer) => (text += chunk.toString()));
    req.on('end', () => {
      if (req.url !== '/v1/fleet/receipts') {
        beats += 1;
        told.push((JSON.parse(text) as HeartbeatBody).activity ?? '');
        res.writeHead(204).end();
        return;
      }
      const ids = (JSON.parse(text) as ReceiptsBody).receipts.map((receipt) => receipt.environmentId);
      const status = statusOf(ids);
      batches.push(ids);
      if (status < 300) for (const id of ids) taken.add(id);
      res.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = new Agent();
  const client = new ControlClient({
    agent,
    controlUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    identity: { current: async () => ({ token: 'token' }), drop: () => undefined },
    gatewayId: 'gw',
    logger: createLogger('test', 'silent'),
    standing: () => ({ bootId: 'boot', version: '1', historyId: null, position: 0, activity: activity() }),
    onAnswer: () => undefined,
  });
  onTestFinished(async () => {
    await client.stop();
    await agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { client, taken, batches, beats: () => beats, told };
}

test('a gateway that has drained says so with its last word, and one that goes on under its id says nothing', async () => {
  let activity: GatewayActivity = 'serving';
  const { client, told } = await start(
    () => 204,
    () => activity,
  );
  await waitFor(() => told.length === 1, { what: 'the first heartbeat has come' });
  await client.stop();
  expect(told).toEqual(['serving']);
  activity = 'drained';
  await client.stop();
  expect(told).toEqual(['serving', 'drained']);
});

test('a position that moves all the time is told all the time: a gateway that is busy with changes is no dead one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { client, beats } = await start(() => 204);
  for (let index = 0; index < 100; index += 1) {
    client.beatSoon();
    vi.advanceTimersByTime(20);
  }
  // Two seconds, of which each twentieth tells what has moved in it.
  await waitFor(() => beats() >= 30, { what: 'the heartbeats have arrived' });
  expect(beats()).toBeLessThanOrEqual(41);
});

test('a receipt that is refused is dropped, and holds up none of the others', async () => {
  const { client, taken, batches } = await start((ids) => (ids.includes('env_bad') ? 400 : 204));
  const good = Array.from({ length: 20 }, (_, index) => `env_${index}`);
  client.addReceipts([...good.slice(0, 7), 'env_bad', ...good.slice(7)].map(receiptOf));
  await waitFor(() => taken.size === good.length, { what: 'all other receipts have arrived' });
  // What comes later does not bring the refused one along again.
  client.addReceipts([receiptOf('env_later')]);
  await waitFor(() => taken.has('env_later'), { what: 'the next receipt has arrived' });
  expect(batches.at(-1)).toEqual(['env_later']);
});

test.each([401, 429, 500, 503])('a receipt is sent again after %i, until it arrives', async (status) => {
  let refusals = 0;
  const { client, taken } = await start(() => ((refusals += 1) < 2 ? status : 204));
  client.addReceipts([receiptOf('env_1')]);
  await waitFor(() => taken.has('env_1'), { what: 'the receipt has arrived' });
  expect(refusals).toBe(2);
});
