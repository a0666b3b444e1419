// A gateway that is upgraded begins with what the former version left on disk.
import { temporaryFolder, waitFor } from '@sluice/local-stack';
import { createLogger } from '@sluice/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { Snapshot } from '../src/snapshot/snapshot.js';
import type { ThreadChange } from '../src/snapshot/thread-message.js';
import { Threads } from '../src/snapshot/threads.js';
import { FeedServer, fleetToken } from './feed-server.js';
import { documentOf, routeTo } from './stack.js';

test('another version serves what is on disk, and takes the whole anew: it may read what the former one refused', async () => {
  const feed = new FeedServer();
  await feed.start();
  const folder = await temporaryFolder('sluice-versions-');
  onTestFinished(async () => {
    await feed.stop();
    await folder.remove();
  });
  const started = async (version: string): Promise<{ snapshot: Snapshot; wholes: ThreadChange[][] }> => {
    const wholes: ThreadChange[][] = [];
    const threads = new Threads((changes, isWhole) => void (isWhole && wholes.push([...changes])));
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
      logger: createLogger('test', 'silent'),
    });
    await waitFor(() => snapshot.status.isConnected && snapshot.status.position === feed.position, {
      what: 'the feed is followed',
    });
    return { snapshot, wholes };
  };
  feed.publish(documentOf({ one: 'http://127.0.0.1:1' }, [routeTo('one', '/')]));
  const first = await started('1.0.0');
  await first.snapshot.stop();
  const same = await started('1.0.0');
  await same.snapshot.stop();
  expect(same.wholes).toHaveLength(1);
  const other = await started('1.1.0');
  await other.snapshot.stop();
  expect(other.wholes).toHaveLength(2);
  expect(other.wholes[0]).toMatchObject([{ kind: 'environment' }]);
  expect(other.wholes[1]).toEqual(other.wholes[0]);
});
