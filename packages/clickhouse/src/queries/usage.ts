// What was used, by subscription: the numbers that limits and invoices are held against.
import { z } from 'zod';
import type { Usage } from '@sluice/contracts';
import { usageSchema } from '@sluice/contracts';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';
import { inMinutes, minuteParams, wholeMinutes } from './scope.js';
import type { Scope } from './scope.js';

export interface UsageFilter {
  /** Only this application's: what its developer may see. */
  readonly applicationId?: string | undefined;
}

const usageRow = z.object({
  subscription_id: z.string(),
  application_id: z.string(),
  plan: z.string(),
  total: z.int(),
  sent_on: z.int(),
  over_limit: z.int(),
  turned_away: z.int(),
});

/**
 * `from` and `to` are widened to whole minutes, and answered so. The totals also count requests without a subscription
 * (an unknown key, say), which stand in no line.
 */
export async function queryUsage(client: ClickHouseClient, input: Scope & UsageFilter): Promise<Usage> {
  const range = wholeMinutes(input);
  const asOf = new Date().toISOString();
  const rows = await readRows(
    client,
    `SELECT subscription_id, application_id, plan,
       sum(requests) AS total, sum(accepted) AS sent_on, sum(limited) AS over_limit, sum(refused) AS turned_away
     FROM requests_1m
     WHERE ${inMinutes} AND ({application:String} = '' OR application_id = {application:String})
     GROUP BY subscription_id, application_id, plan
     ORDER BY total DESC, subscription_id, application_id, plan`,
    { ...minuteParams(input), application: input.applicationId ?? '' },
    usageRow,
  );
  const lines = rows.map((row) => ({
    subscriptionId: row.subscription_id,
    applicationId: row.application_id,
    plan: row.plan,
    requests: row.total,
    accepted: row.sent_on,
    limited: row.over_limit,
    refused: row.turned_away,
  }));
  const sum = (column: 'requests' | 'accepted' | 'limited' | 'refused') =>
    lines.reduce((total, line) => total + line[column], 0);
  return usageSchema.parse({
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
    asOf,
    totals: { requests: sum('requests'), accepted: sum('accepted'), limited: sum('limited'), refused: sum('refused') },
    subscriptions: lines.filter((line) => line.subscriptionId !== ''),
  });
}
