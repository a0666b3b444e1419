// The smoke: 1,000 requests through two gateways under a limit of 900 and a canary of a tenth, then every number
// beside what it must be. It waits on conditions, never for a time; a condition that does not come is a wrong number.
import type { Tenant, Usage } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { ClickHouseObserver } from '../clickhouse-observer.js';
import { ControlClient } from '../control-client.js';
import { readMetric } from '../metrics.js';
import type { SmokePlatform } from '../platform.js';
import { sendTraffic } from '../traffic.js';
import { breakAfterTraffic, breakDuringTraffic, type Breakage } from './breaks.js';
import { checksOf, type Check } from './checks.js';
import { createSmokeTenant, windowOf, type SmokeTenant } from './tenant.js';

export interface SmokeOptions {
  readonly requests: number;
  readonly limit: number;
  readonly breakage?: Breakage | undefined;
  readonly onProgress: (line: string) => void;
}

export async function runSmoke(platform: SmokePlatform, options: SmokeOptions): Promise<Check[]> {
  const { requests, limit, breakage, onProgress } = options;
  const startedAt = new Date(Date.now() - 60_000).toISOString();
  const client = new ControlClient(platform.controlUrl, platform.mailUrl);
  onProgress('making a tenant, an API, a plan, an application and a key');
  const tenant = await createSmokeTenant(client, {
    window: windowOf(limit),
    canaryBps: 1000,
    upstreams: platform.demoUrls,
  });
  const { id: tenantId } = await client.get<Tenant>(`/v1/tenants/${tenant.slug}`);

  onProgress(`sending ${requests} requests through ${platform.gateways.length} gateways`);
  const broken = breakage === undefined ? undefined : breakDuringTraffic(breakage, platform, tenant);
  const answers = await sendTraffic({
    ports: platform.gateways.map((gateway) => gateway.port),
    host: tenant.host,
    path: tenant.path,
    headers: { [tenant.keyHeader]: tenant.key },
    count: requests,
    concurrency: 16,
    onAnswer: (_answer, done) => {
      if (done % 200 === 0) onProgress(`${done} of ${requests} answered`);
    },
  });
  await broken;

  onProgress('waiting until every record is in ClickHouse');
  const observer = new ClickHouseObserver(platform.clickHouseUrl);
  const answered = answers.filter((answer) => answer.status !== 0).length;
  // The roll-up follows within the same insert, but a reader may come between the two.
  const isSettled = async (): Promise<boolean> =>
    (await observer.rows(tenantId)).rows >= answered && (await observer.rollup(tenantId)) >= answered;
  await settled(isSettled, `${answered} rows are in ClickHouse and its roll-up`, onProgress);
  if (breakage !== undefined) await breakAfterTraffic(breakage, observer, tenantId);

  const { rows, distinct } = await observer.rows(tenantId);
  const usage = await usageOf(client, tenant, startedAt);
  return checksOf({
    limit,
    answers,
    unspent: await unspentUnits(platform),
    rows,
    distinctRows: distinct,
    rollup: await observer.rollup(tenantId),
    usageAccepted: usage.accepted,
    usageLimited: usage.limited,
  });
}

/** The numbers of the tenant's one subscription, as the public API gives them. */
async function usageOf(
  client: ControlClient,
  tenant: SmokeTenant,
  from: string,
): Promise<{ accepted: number; limited: number }> {
  const to = new Date(Date.now() + 60_000).toISOString();
  const usage = await client.get<Usage>(`${tenant.base}/usage?from=${from}&to=${to}`);
  const own = usage.subscriptions.find((row) => row.subscriptionId === tenant.subscriptionId);
  return { accepted: own?.accepted ?? 0, limited: own?.limited ?? 0 };
}

async function unspentUnits(platform: SmokePlatform): Promise<number> {
  const held = await Promise.all(
    platform.gateways.map((gateway) => readMetric(gateway.opsUrl, 'sluice_limit_units_unspent')),
  );
  // A page without the metric is no zero.
  return held.reduce<number>((sum, units) => sum + (units ?? Number.NaN), 0);
}

async function settled(
  condition: () => Promise<boolean>,
  what: string,
  onProgress: (line: string) => void,
): Promise<void> {
  try {
    await waitFor(condition, { timeoutMs: 45_000, intervalMs: 200, what });
  } catch (error) {
    onProgress(error instanceof Error ? error.message : String(error));
  }
}
