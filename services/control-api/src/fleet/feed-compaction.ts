// Keeps the feed from growing with every change ever made: entries that a newer one of the same object has replaced, whatever
// belonged to an environment that is gone, and try credentials that have expired, are deleted once they are an hour old. The newest entry of an object
// stays, and so does the last word about an environment. Who is behind the deleted ones gets a snapshot: that is nobody who
// has heard of anything in the last hour, since the newest entry that is an hour old stays, and all after it.
import type { Database } from '@sluice/prisma';

const keptMs = 3_600_000;
const batchSize = 5_000;

/** Returns how many entries were deleted: a full batch means that there are more. */
export async function compactFeed(database: Database, fleetId: string, olderThanMs = keptMs): Promise<number> {
  return await database.inFleet(fleetId, async (tx) => {
    const deleted = await tx.$queryRaw<{ position: bigint }[]>`
      DELETE FROM sluice.feed WHERE fleet_id = ${fleetId} AND position IN (
        SELECT entry.position FROM sluice.feed entry
        WHERE entry.fleet_id = ${fleetId} AND entry.created_at <= clock_timestamp() - make_interval(secs => ${olderThanMs / 1000})
          AND entry.position < (
            SELECT position FROM sluice.feed WHERE fleet_id = ${fleetId}
              AND created_at <= clock_timestamp() - make_interval(secs => ${olderThanMs / 1000})
            ORDER BY position DESC LIMIT 1)
          AND ((entry.change -> 'isTry' = 'true'
              AND (entry.change ->> 'expiresAt')::bigint < extract(epoch FROM clock_timestamp()) * 1000 - ${olderThanMs})
          OR EXISTS (
            SELECT FROM sluice.feed newer
            WHERE newer.fleet_id = ${fleetId} AND newer.position > entry.position
              AND (newer.object_key = entry.object_key
                OR (newer.object_key = 'environment:' || entry.environment_id AND newer.change -> 'document' = 'null'))
          ))
        ORDER BY entry.position LIMIT ${batchSize}
      ) RETURNING position`;
    const last = deleted.reduce((max, { position }) => (position > max ? position : max), 0n);
    if (last > 0n)
      await tx.$executeRaw`UPDATE sluice.fleets SET compacted_to = greatest(compacted_to, ${last}) WHERE id = ${fleetId}`;
    return deleted.length;
  });
}
