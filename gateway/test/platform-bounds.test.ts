// What the platform plan lets a tenant have, over all of its environments and all gateways, on a real Redis.
import { waitFor } from '@sluice/local-stack';
import type { PlatformBoundsChange } from '@sluice/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { host, otherOwner, tenantId } from './feed-server.js';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

let stack: Stack;
let gateways: GatewayProcess[];
let url: string;
const staging = 'staging.acme.test';
const foreign = 'api.other.test';

const publish = (platform: PlatformBoundsChange): number => {
  const document = documentOf({ one: url }, [routeTo('one', '/')]);
  stack.feed.publish(document, { platform });
  const owner = { tenantId, environmentId: 'env_00000000000000000000000000000009' };
  stack.feed.publish(document, { hosts: [staging], owner, platform });
  return stack.feed.publish(document, { hosts: [foreign], owner: otherOwner, tenantSlug: 'other' }).position;
};
const isKnown = (position: number): Promise<unknown> =>
  waitFor(
    () =>
      ['gw-1', 'gw-2'].every((id) =>
        stack.feed.heartbeats.some((beat) => beat.gatewayId === id && beat.position >= position),
      ),
    { what: 'both gateways know the bounds' },
  );

/** The bound is of a UTC day: a test that began shortly before its end would see two of them. */
const leastOfDayMs = 40_000;

beforeEach(async () => {
  const ofDayMs = (): number => 86_400_000 - (Date.now() % 86_400_000);
  await waitFor(() => ofDayMs() > leastOfDayMs, { what: 'the day does not end soon', timeoutMs: leastOfDayMs + 1000 });
  stack = await Stack.start();
  ({ url } = await stack.upstream((_req, res) => res.end('served')));
  publish({ version: 1, requestsPerSecond: null, recordsPerDay: 20 });
  gateways = [
    await stack.readyGateway({ GATEWAY_ID: 'gw-1', DATA_DIR: `${stack.dataDir}-1` }),
    await stack.readyGateway({ GATEWAY_ID: 'gw-2', DATA_DIR: `${stack.dataDir}-2` }),
  ];
});
afterEach(async () => stack.stop());

/** By turns at each gateway and each of the hosts; how many were served, and what the refusals say. */
async function call(times: number, hosts: readonly string[]): Promise<{ served: number; refused: string[] }> {
  const refused: string[] = [];
  for (let index = 0; index < times; index += 1) {
    const headers = { host: hosts[(index >> 1) % hosts.length] ?? host };
    const answer = await gateways[index % 2]?.send('/', { headers });
    if (answer?.status !== 200) refused.push(answer?.body ?? '');
  }
  return { served: times - refused.length, refused };
}

test('the records of a day are bounded to the unit over all environments and gateways, and no other tenant is', async () => {
  const { served, refused } = await call(60, [host, staging]);
  expect(served).toBe(20);
  expect(refused).toHaveLength(40);
  for (const body of refused) expect(body).toContain('platform:records');
  expect(await call(10, [foreign])).toEqual({ served: 10, refused: [] });
  await isKnown(publish({ version: 2, requestsPerSecond: null, recordsPerDay: 25 }));
  expect((await call(30, [host, staging])).served).toBe(5);
});
