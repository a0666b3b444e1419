// What a gateway begins with that finds something on its disk: of the version before, or damaged.
import { readFileSync, writeFileSync } from 'node:fs';
import { temporaryFolder, waitFor } from '@sluice/local-stack';
import { createLogger } from '@sluice/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Snapshot } from '../src/snapshot/snapshot.js';
import type { ThreadChange } from '../src/snapshot/thread-message.js';
import { Threads } from '../src/snapshot/threads.js';
import { FeedServer, fleetToken } from './feed-server.js';
import { documentOf, routeTo } from './stack.js';

let feed: FeedServer;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  feed = new FeedServer();
  await feed.start();
  folder = await temporaryFolder('sluice-versions-');
  feed.publish(documentOf({ one: 'http://127.0.0.1:1' }, [routeTo('one', '/')]));
});
afterEach(async () => {
  await feed.stop();
  await folder.remove();
});

/** A gateway's life, until it has followed the feed to its head: each whole that came into force, and the errors that were told. */
async function lived(version: string): Promise<{ wholes: ThreadChange[][]; errors: string[] }> {
  const wholes: ThreadChange[][] = [];
  const threads = new Threads((changes, isWhole) => void (isWhole && wholes.push([...changes])));
  const logger = createLogger('test', 'silent');
  const told = vi.spyOn(logger, 'error');
  const snapshot = await Snapshot.start({
    controlUrl: feed.url,
    token: fleetToken,
    gatewayId: 'gw-1',
    bootId: 'boot',
    version,
    directory: `${folder.path}/snapshot`,
    keyDirectory: `${folder.path}/identity`,
    activity: () => 'serving',
    threads,
    logger,
  });
  await waitFor(() => snapshot.status.isConnected && snapshot.status.position === feed.position, {
    what: 'the feed is followed',
  });
  await snapshot.stop();
  return { wholes, errors: told.mock.calls.map(([, message]) => String(message)) };
}

test('another version serves what is on disk, and takes the whole anew: it may read what the former one refused', async () => {
  await lived('1.0.0');
  expect((await lived('1.0.0')).wholes).toHaveLength(1);
  const { wholes } = await lived('1.1.0');
  expect(wholes).toHaveLength(2);
  expect(wholes[0]).toMatchObject([{ kind: 'environment' }]);
  expect(wholes[1]).toEqual(wholes[0]);
});

test('a damaged snapshot on disk is told, and replaced', async () => {
  await lived('1.0.0');
  const file = `${folder.path}/snapshot/last-good.snapshot`;
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(file, bytes);
  const { wholes, errors } = await lived('1.0.0');
  expect(errors).toEqual([expect.stringContaining('the last good snapshot cannot be read')]);
  expect(wholes).toMatchObject([[{ kind: 'environment' }]]);
  const again = await lived('1.0.0');
  expect([again.errors, again.wholes.length]).toEqual([[], 1]);
});
