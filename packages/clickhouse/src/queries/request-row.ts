// A row of `requests` as the API shows it.
import { z } from 'zod';
import type { RequestEntry } from '@sluice/contracts';
import { recordPhases, requestSchema } from '@sluice/contracts';

export const requestColumns = `id, toUnixTimestamp64Milli(time) AS time_ms, revision, api, route, arm, arm_reason, weight_version, application_id,
       subscription_id, credential_id, plan, method, host, path, status, code, upstream, target, attempts, gateway_id,
       duration_us, upstream_us, request_bytes, response_bytes, limit_name, limit_left, reasons, phase`;

export const requestRow = z.object({
  id: z.uuid(),
  time_ms: z.int(),
  revision: z.int(),
  api: z.string(),
  route: z.string(),
  arm: z.string(),
  arm_reason: z.string(),
  weight_version: z.int(),
  application_id: z.string(),
  subscription_id: z.string(),
  credential_id: z.string(),
  plan: z.string(),
  method: z.string(),
  host: z.string(),
  path: z.string(),
  status: z.int(),
  code: z.string(),
  upstream: z.string(),
  target: z.string(),
  attempts: z.int(),
  gateway_id: z.string(),
  duration_us: z.int(),
  upstream_us: z.int(),
  request_bytes: z.int(),
  response_bytes: z.int(),
  limit_name: z.string(),
  limit_left: z.int(),
  reasons: z.string(),
  phase: z.enum(recordPhases),
});

export function toRequestEntry(row: z.infer<typeof requestRow>): RequestEntry {
  return requestSchema.parse({
    id: `req_${row.id.replaceAll('-', '')}`,
    time: new Date(row.time_ms).toISOString(),
    revision: row.revision,
    api: row.api,
    route: row.route,
    arm: row.arm,
    armReason: row.arm_reason,
    weightVersion: row.weight_version,
    applicationId: row.application_id,
    subscriptionId: row.subscription_id,
    credentialId: row.credential_id,
    plan: row.plan,
    method: row.method,
    host: row.host,
    path: row.path,
    status: row.status,
    code: row.code,
    upstream: row.upstream,
    target: row.target,
    attempts: row.attempts,
    gatewayId: row.gateway_id,
    durationMs: row.duration_us / 1000,
    upstreamMs: row.upstream_us / 1000,
    requestBytes: row.request_bytes,
    responseBytes: row.response_bytes,
    limitName: row.limit_name,
    // The record says -1 where no limit applied, because its columns have no null.
    limitLeft: row.limit_left === -1 ? null : row.limit_left,
    reasons: parseReasons(row.reasons),
    phase: row.phase,
  });
}

const reasonsSchema = z.array(z.record(z.string(), z.unknown()));

// A request whose reasons cannot be read is still shown, and says so.
function parseReasons(text: string): z.infer<typeof reasonsSchema> {
  if (text === '') return [];
  try {
    const parsed = reasonsSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Falls through to the same answer as a text of another shape.
  }
  return [{ code: 'unreadable', text }];
}
