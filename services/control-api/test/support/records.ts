// A segment of records of one environment, as a gateway would have sent it.
import type { SegmentRows } from '@sluice/clickhouse';
import { newId } from '@sluice/contracts';
import { recordOf } from '../../../../packages/clickhouse/src/record-fixture.js';

export function recordsOf(of: { tenantId: string; environmentId: string; count: number }): SegmentRows {
  const bootId = newId('boot');
  const records = Array.from({ length: of.count }, (_, index) =>
    recordOf({ seq: index + 1, tenant_id: of.tenantId, environment_id: of.environmentId, boot_id: bootId }),
  );
  return { segmentId: `${bootId}-0-${'a'.repeat(16)}`, bootId, index: 0, records };
}
