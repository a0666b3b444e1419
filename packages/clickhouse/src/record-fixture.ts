// Records for tests, of which only what matters has to be said.
import { newId, uuidOf } from '@sluice/contracts';
import type { RequestRecord } from '@sluice/contracts';
import type { SegmentRows } from './segments/segment-rows.js';

export const bootId = `boot_${'0'.repeat(32)}`;

export function recordOf(over: Partial<RequestRecord> = {}): RequestRecord {
  const time = over.time ?? Date.now();
  return {
    seq: 1,
    id: uuidOf(newId('request', time)),
    time,
    tenant_id: 'ten_a',
    environment_id: 'env_a',
    gateway_id: 'gw_1',
    boot_id: bootId,
    revision: 3,
    api: 'orders',
    route: 'list',
    arm: 'stable',
    arm_reason: 'weighted',
    weight_version: 1,
    application_id: 'app_1',
    subscription_id: 'sub_1',
    credential_id: 'key_1',
    plan: 'free',
    method: 'GET',
    host: 'demo.localhost',
    path: '/orders',
    status: 200,
    code: '',
    upstream: 'orders-v1',
    target: 'http://10.0.0.1:3000',
    attempts: 1,
    duration_us: 12_000,
    upstream_us: 9_000,
    request_bytes: 0,
    response_bytes: 100,
    limit_name: 'fixed:100/minute',
    limit_left: 41,
    client_address: '192.0.2.1',
    client_request_id: '',
    reasons: '[{"code":"route_matched"}]',
    phase: 'whole',
    ...over,
  };
}

export function segmentOf(index: number, records: readonly RequestRecord[], hash = 'a'.repeat(16)): SegmentRows {
  return { segmentId: `${bootId}-${index}-${hash}`, bootId, index, records };
}
