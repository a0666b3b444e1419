// Adds changes to a fleet's feed, as the last thing that a use case does; only the entry of the audit log comes after it. The
// fleet's row is locked from here to the commit, and so positions are given out in the order of the commits: no reader can see
// a position before a lower one, and a rollback leaves no gap. For as long, no other change of the fleet can commit: do
// nothing slow afterwards.
import type { Change } from '@sluice/contracts';
import type { Tx } from '@sluice/prisma';
import { laneOf, objectKeyOf } from './changes.js';

export const feedChannel = 'sluice_feed';

/** Returns the position of the last of `changes`, or of the feed's head when there are none. */
export async function appendToFeed(
  tx: Tx,
  fleetId: string,
  tenantId: string,
  environmentId: string,
  changes: readonly Change[],
): Promise<number> {
  const rows = changes.map((change) => ({
    lane: laneOf(change),
    object_key: objectKeyOf(environmentId, change),
    change,
  }));
  const [head] = await tx.$queryRaw<{ position: bigint }[]>`
    WITH head AS (
      UPDATE sluice.fleets SET position = position + ${rows.length}, updated_at = now() WHERE id = ${fleetId} RETURNING position
    ), added AS (
      INSERT INTO sluice.feed (fleet_id, position, tenant_id, environment_id, lane, object_key, change)
      SELECT ${fleetId}, head.position - ${rows.length} + row.ordinality, ${tenantId}, ${environmentId},
        (row.value ->> 'lane')::smallint, row.value ->> 'object_key', row.value -> 'change'
      FROM head, jsonb_array_elements(${JSON.stringify(rows)}::jsonb) WITH ORDINALITY AS row
    )
    SELECT head.position FROM head, pg_notify(${feedChannel}, ${fleetId})`;
  if (head === undefined) throw new Error(`there is no fleet ${fleetId}`);
  return Number(head.position);
}
