// Who follows the feed hears of revocations: nothing else that reads by the same connections may take them all.
import type { Pool } from '@sluice/prisma';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runAlone } from '../database/run-alone.js';
import { startFleetServers, type FleetServers } from '../testing/fleet-servers.js';
import { feedPoolToken } from '../tokens.js';
import { defaultFleetId } from './ensure-fleet.js';
import { FeedReader } from './feed.reader.js';

let servers: FleetServers;
beforeAll(async () => {
  servers = await startFleetServers();
});
afterAll(async () => servers.stop());

it('the feed is followed while every snapshot and every upkeep that there can be is under way', async () => {
  const [pool, reader] = [servers.app.get<Pool>(feedPoolToken), servers.app.get(FeedReader)];
  const end = Promise.withResolvers<void>();
  // Purges, erasures, and bounds of platform plans.
  const upkeeps = ['one', 'another', 'a third'].map((name) => {
    const begun = Promise.withResolvers<void>();
    const ended = runAlone(pool, name, async () => {
      begun.resolve();
      await end.promise;
    });
    return { begun: begun.promise, ended };
  });
  await Promise.all(upkeeps.map(async ({ begun }) => begun));
  const snapshots = [1, 2, 3].map(() => reader.snapshot(defaultFleetId));
  try {
    await Promise.all(snapshots.map(async (snapshot) => snapshot.next()));
    expect(await Promise.all([1, 2].map(async () => reader.entriesAfter(defaultFleetId, 0)))).toEqual([[], []]);
  } finally {
    end.resolve();
    await Promise.all(snapshots.map(async (snapshot) => snapshot.return(undefined)));
    await Promise.all(upkeeps.map(async ({ ended }) => ended));
  }
});
