import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { temporaryFolder, waitFor } from '@sluice/local-stack';
import { createLogger } from '@sluice/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Snapshot } from './snapshot.js';
import { Threads } from './threads.js';

/** Follows a feed that answers each time in the same way. Resolves when it has been asked `times` times, with the errors told before each. */
async function toldBeforeEach(times: number, status: number, line: object): Promise<string[][]> {
  const logger = createLogger('test', 'silent');
  const told = vi.spyOn(logger, 'error');
  const toldBefore: string[][] = [];
  const control = createServer((req, res) => {
    if (req.method !== 'GET') {
      res.writeHead(404).end();
      return;
    }
    toldBefore.push(told.mock.calls.map(([, message]) => String(message)));
    res.writeHead(status).write(`${JSON.stringify(line)}\n`);
    if (status !== 200) res.end();
  });
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  const folder = await temporaryFolder('sluice-feed-');
  const snapshot = await Snapshot.start({
    controlUrl: `http://127.0.0.1:${(control.address() as AddressInfo).port}`,
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
    control.closeAllConnections();
    control.close();
    await folder.remove();
  });
  await waitFor(() => toldBefore.length >= times, { what: `the feed is asked ${times} times` });
  return toldBefore.slice(0, times);
}

test('a feed that falls silent is noticed and followed anew, though no one closes it', async () => {
  const hello = { type: 'hello', historyId: 'h', fleetId: 'flt_1', mode: 'snapshot', position: 0 };
  expect(await toldBeforeEach(2, 200, hello)).toEqual([
    [],
    [expect.stringMatching(/has gone silent\. There is no snapshot to serve yet\.$/)],
  ]);
});

test('what keeps the feed away is told once, however often it is asked', async () => {
  const refused = expect.stringContaining('answered the change feed with status 503');
  expect(await toldBeforeEach(4, 503, {})).toEqual([[], [refused], [refused], [refused]]);
});
