// `explain` by request id, of a record in a real ClickHouse.
import { newId, timeOfId, uuidOf } from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClickHouse, insertSegment } from '../../clickhouse/src/index.js';
import { recordOf, segmentOf } from '../../clickhouse/src/record-fixture.js';
import { startWorld, type World } from './support/world.js';

let world: World;
const request = newId('request');

beforeAll(async () => {
  world = await startWorld({ withClickHouse: true });
  const { owner, base } = world.tenant;
  const [tenant, environment] = await Promise.all([
    owner.ask<{ id: string }>('GET', '/v1/tenants/acme'),
    owner.ask<{ id: string }>('GET', base),
  ]);
  const reasons = [
    { code: 'route_matched', api: 'orders', route: 'list' },
    { code: 'limit_used_up', limit: 'fixed:100/minute', left: 0 },
  ];
  const record = recordOf({
    id: uuidOf(request),
    time: timeOfId(request),
    tenant_id: tenant.id,
    environment_id: environment.id,
    path: '/orders/\u001B[2J7',
    status: 429,
    code: 'limit_exceeded',
    reasons: JSON.stringify(reasons),
  });
  const clickhouse = createClickHouse(world.plane.env['CLICKHOUSE_URL'] ?? '', { application: 'tests' });
  await insertSegment(clickhouse, segmentOf(1, [record]));
  await clickhouse.close();
});
afterAll(async () => {
  await world.stop();
});

test('a recorded request is explained in words, and as it is recorded', async () => {
  const { code, stdout } = await world.run(['explain', request]);
  expect(code).toBe(0);
  expect(stdout).toContain('-> 429 limit_exceeded in 12 ms\n');
  expect(stdout).toContain(`request   ${request}\n`);
  expect(stdout).toMatch(/^reasons:\n {2}1\. .+ \(route_matched\)\n {2}2\. .+ \(limit_used_up\)\n/m);
  expect(stdout).not.toContain('\u001B');
  expect(await world.json(['explain', request])).toMatchObject({ id: request, status: 429, code: 'limit_exceeded' });
});

test('a request that nobody has recorded here is refused as not found', async () => {
  const { code, stderr } = await world.run(['explain', newId('request')]);
  expect(code).toBe(1);
  expect(stderr).toContain('(not_found)');
});
