// Traffic by arm, for every route that sent requests on. Arms that got none are not in the answer: the split knows them.
import { z } from 'zod';
import type { ArmTraffic } from '@sluice/contracts';
import { armTrafficSchema } from '@sluice/contracts';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';
import { inMinutes, minuteParams } from './scope.js';
import type { Scope } from './scope.js';
import { countColumns, countsRow, filtered, filterParams, latencyColumns, latencyRow, toTraffic } from './traffic.js';
import type { TrafficFilter } from './traffic.js';

const armKey = z.object({ api: z.string(), route: z.string(), arm: z.string() });

/** `share` is of what its route sent on, 0 to 1. `from` and `to` are widened to whole minutes. */
export async function queryArmTraffic(client: ClickHouseClient, input: Scope & TrafficFilter): Promise<ArmTraffic> {
  const params = { ...minuteParams(input), ...filterParams({ api: input.api, route: input.route }) };
  const select = (columns: string, table: string) => `
     SELECT api, route, arm, ${columns} FROM ${table}
     WHERE ${inMinutes} AND ${filtered} AND arm != ''
     GROUP BY api, route, arm ORDER BY api, route, arm`;
  const asOf = new Date().toISOString();
  const [counts, latencies] = await Promise.all([
    readRows(client, select(countColumns, 'requests_1m'), params, armKey.extend(countsRow.shape)),
    readRows(client, select(latencyColumns, 'latency_1m'), params, armKey.extend(latencyRow.shape)),
  ]);
  const latencyOf = new Map(latencies.map((row) => [JSON.stringify([row.api, row.route, row.arm]), row]));
  const routeTotals = new Map<string, number>();
  for (const row of counts) {
    const route = JSON.stringify([row.api, row.route]);
    routeTotals.set(route, (routeTotals.get(route) ?? 0) + row.total);
  }
  const arms = counts.map((row) =>
    Object.assign(toTraffic(row, latencyOf.get(JSON.stringify([row.api, row.route, row.arm]))), {
      api: row.api,
      route: row.route,
      arm: row.arm,
      share: row.total / (routeTotals.get(JSON.stringify([row.api, row.route])) ?? row.total),
    }),
  );
  // Filtered last: an arm's share is of the whole route.
  const wanted = input.arm === undefined || input.arm === '' ? arms : arms.filter(({ arm }) => arm === input.arm);
  return armTrafficSchema.parse({ asOf, arms: wanted });
}
