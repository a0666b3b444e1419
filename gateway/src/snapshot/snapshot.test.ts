import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { temporaryFolder, waitFor } from '@sluice/local-stack';
import { createLogger } from '@sluice/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Snapshot } from './snapshot.js';
import { Threads } from './threads.js';

test('a feed that falls silent is noticed and followed anew, though no one closes it', async () => {
  const logger = createLogger('test', 'silent');
  const told = vi.spyOn(logger, 'error');
  const toldBefore: string[][] = [];
  const hello = { type: 'hello', historyId: 'h', fleetId: 'flt_1', mode: 'snapshot', position: 0 };
  const silent = createServer((req, res) => {
    if (req.method !== 'GET') {
      res.writeHead(404).end();
      return;
    }
    toldBefore.push(told.mock.calls.map(([, message]) => String(message)));
    res.writeHead(200).write(`${JSON.stringify(hello)}\n`);
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const controlUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const folder = await temporaryFolder('sluice-silent-');
  const snapshot = await Snapshot.start({
    controlUrl,
    token: 'a-fleet-token-for-tests',
    gatewayId: 'gw-1',
    bootId: 'boot',
    version: '1.0.0',
    directory: `${folder.path}/snapshot`,
    keyDirectory: `${folder.path}/identity`,
    activity: () => 'serving',
    threads: new Threads(),
    logger,
    silenceMs: 500,
  });
  onTestFinished(async () => {
    await snapshot.stop();
    silent.closeAllConnections();
    silent.close();
    await folder.remove();
  });
  await waitFor(() => toldBefore.length > 1, { what: 'the feed is asked anew' });
  expect(toldBefore.slice(0, 2)).toEqual([
    [],
    [`The control API at ${controlUrl} has gone silent. There is no snapshot to serve yet.`],
  ]);
});
