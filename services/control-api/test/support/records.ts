// A segment of records of one environment, as a gateway would have sent it.
import { newId, uuidOf, type RequestRecord } from '@sluice/contracts';
import type { SegmentRows } from '@sluice/clickhouse';

export function recordsOf(of: { tenantId: string; environmentId: string; count: number }): SegmentRows {
  const bootId = newId('boot');
  const time = Date.now();
  const records = Array.from({ length: of.count }, (_, index): RequestRecord => ({
    seq: index + 1,
    id: uuidOf(newId('request')),
    time,
    tenant_id: of.tenantId,
    environment_id: of.environmentId,
    gateway_id: 'gw_1',
    boot_id: bootId,
    revision: 1,
    api: 'orders',
    route: 'orders',
    arm: 'stable',
    arm_reason: 'arm_only',
    weight_version: 0,
    application_id: 'app_1',
    subscription_id: 'sub_1',
    credential_id: 'key_1',
    plan: 'free',
    method: 'GET',
    host: 'x.localhost',
    path: '/orders',
    status: 200,
    code: '',
    upstream: 'orders-v1',
    target: 'http://10.0.0.1:3000',
    attempts: 1,
    duration_us: 1_000,
    upstream_us: 900,
    request_bytes: 0,
    response_bytes: 2,
    limit_name: '',
    limit_left: -1,
    client_address: '192.0.2.1',
    client_request_id: '',
    reasons: '[]',
    phase: 'whole',
  }));
  return { segmentId: `${bootId}-0-${'a'.repeat(16)}`, bootId, index: 0, records };
}
