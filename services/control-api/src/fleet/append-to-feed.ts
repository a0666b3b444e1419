// Adds changes to a fleet's feed, as the last thing that a use case does; only the entry of the audit log comes after it. The
// fleet's row is locked from here to the commit, and so positions are given out in the order of the commits: no reader can see
// a position before a lower one, and a rollback leaves no gap. For as long, no other change of the fleet can commit: do
// nothing slow afterwards. Each call leaves a mark of its own on the fleet, and the one before on what it added: with them
// a reader can tell this history from that of a database which has lost its last commits and gave their positions out again.
import { randomUUID } from 'node:crypto';
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
  const mark = randomUUID();
  const [head] = await tx.$queryRaw<{ position: bigint }[]>`
    WITH head AS (
      UPDATE sluice.fleets SET
        position = position + ${rows.length},
        previous_mark = CASE WHEN ${rows.length} = 0 THEN previous_mark ELSE mark END,
        mark = CASE WHEN ${rows.length} = 0 THEN mark ELSE ${mark}::uuid END,
        updated_at = now()
      WHERE id = ${fleetId} RETURNING position, mark, previous_mark
    ), added AS (
      INSERT INTO sluice.feed (fleet_id, position, tenant_id, environment_id, lane, object_key, change, mark, previous)
      SELECT ${fleetId}, head.position - ${rows.length} + row.ordinality, ${tenantId}, ${environmentId},
        (row.value ->> 'lane')::smallint, row.value ->> 'object_key', row.value -> 'change', head.mark, CASE WHEN row.ordinality = 1 THEN head.previous_mark ELSE head.mark END
      FROM head, jsonb_array_elements(${JSON.stringify(rows)}::jsonb) WITH ORDINALITY AS row
    )
    SELECT head.position FROM head, pg_notify(${feedChannel}, ${fleetId})`;
  if (head === undefined) throw new Error(`there is no fleet ${fleetId}`);
  return Number(head.position);
}
