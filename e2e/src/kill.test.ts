// What a crash may cost, by real SIGKILLs under real traffic: nothing that a client had fully received more
// than 100 ms before, and nothing twice.
import type { Tenant } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClickHouseObserver } from './clickhouse-observer.js';
import { ControlClient } from './control-client.js';
import { bootPlatform, type SmokePlatform } from './platform.js';
import { createSmokeTenant, type SmokeTenant } from './smoke/tenant.js';
import { sendTraffic, type Answer } from './traffic.js';

// What a record may wait before it is safe from a SIGKILL.
const mayBeLostMs = 100;

let platform: SmokePlatform;
let tenant: SmokeTenant;
let tenantId: string;

beforeAll(async () => {
  platform = await bootPlatform(() => undefined);
  const client = new ControlClient(platform.controlUrl, platform.mailUrl);
  tenant = await createSmokeTenant(client, { window: '1000000/day', canaryBps: 1000, upstreams: platform.demoUrls });
  tenantId = (await client.get<Tenant>(`/v1/tenants/${tenant.slug}`)).id;
});
afterAll(async () => platform?.stop());

/** Sends traffic and kills a process in the middle of it; `owed` must be in ClickHouse. */
async function killDuringTraffic(name: string): Promise<{ owed: Answer[]; answers: Answer[]; killedAtMs: number }> {
  let killedAtMs = Number.POSITIVE_INFINITY;
  const target = platform.local.process(name);
  let revived: Promise<void> | undefined;
  const answers = await sendTraffic({
    ports: platform.gateways.map((gateway) => gateway.port),
    host: tenant.host,
    path: tenant.path,
    headers: { [tenant.keyHeader]: tenant.key },
    count: 3000,
    concurrency: 16,
    onAnswer: (_answer, done) => {
      if (done !== 1200) return;
      killedAtMs = performance.now();
      revived = target.kill().then(async () => target.restart());
    },
  });
  await revived;
  const killed = name === 'gateway-1' ? 0 : -1;
  const whole = answers.filter((answer) => answer.id !== '');
  const owed = whole.filter(
    (answer) =>
      answer.gateway !== killed || answer.doneAtMs < killedAtMs - mayBeLostMs || answer.doneAtMs > killedAtMs + 1000,
  );
  return { owed, answers, killedAtMs };
}

async function expectExactlyOnce(owed: readonly Answer[], killedAtMs: number): Promise<void> {
  const observer = new ClickHouseObserver(platform.clickHouseUrl);
  const missing = async (): Promise<{ id: string; gateway: number; beforeKillMs: number }[]> => {
    const stored = await observer.timesStored(tenantId);
    return owed
      .filter((answer) => !stored.has(answer.id))
      .map(({ id, gateway, doneAtMs }) => ({ id, gateway, beforeKillMs: killedAtMs - doneAtMs }));
  };
  // What is still missing at the deadline is the failure, and is shown.
  await waitFor(async () => (await missing()).length === 0, {
    timeoutMs: 90_000,
    intervalMs: 500,
    what: 'every record that is owed is in ClickHouse',
  }).catch(() => undefined);
  expect(await missing()).toEqual([]);
  const twice = [...(await observer.timesStored(tenantId))].filter(([, times]) => times !== 1);
  expect(twice).toEqual([]);
  // A worker that died between the two left the roll-up behind; the segment's next attempt repairs it.
  await waitFor(async () => (await observer.rollup(tenantId)) === (await observer.rows(tenantId)).rows, {
    timeoutMs: 90_000,
    intervalMs: 500,
    what: 'the roll-up has every row',
  });
}

test('a SIGKILLed gateway loses no record older than 100 ms, and doubles none', async () => {
  const { owed, answers, killedAtMs } = await killDuringTraffic('gateway-1');
  // The kill really fell into the traffic: some connections broke, and both gateways answered.
  expect(answers.some((answer) => answer.status === 0)).toBe(true);
  expect(owed.length).toBeGreaterThan(1200);
  await expectExactlyOnce(owed, killedAtMs);
}, 240_000);

test('a SIGKILLed log-worker loses and doubles nothing, and no request fails', async () => {
  const { owed, answers, killedAtMs } = await killDuringTraffic('log-worker');
  expect(answers.filter((answer) => answer.status !== 200)).toEqual([]);
  expect(owed).toHaveLength(3000);
  await expectExactlyOnce(owed, killedAtMs);
}, 240_000);
