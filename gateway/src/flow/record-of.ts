// What is kept of one request.
import type { ProblemCode, RecordPhase } from '@sluice/contracts';
import type { Account, Compiled, LimitStatus, Reason } from '@sluice/engine';
import type { WorkerRecord } from '../records/index.js';
import type { UpstreamCall } from '../upstream/upstream.js';
import type { Exchange } from '../wire/exchange.js';
import { clientRequestId } from './client-request-id.js';

export interface Outcome {
  readonly requestId: string;
  readonly time: number;
  readonly compiled: Compiled;
  readonly account: Account;
  readonly reasons: readonly Reason[];
  readonly exchange: Exchange;
  readonly status: number;
  readonly code: ProblemCode | '';
  readonly call: UpstreamCall | undefined;
  readonly durationMs: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly tightest: LimitStatus | undefined;
  readonly phase: RecordPhase;
}

const longestPath = 8192;

export function recordOf({
  requestId,
  time,
  compiled,
  account,
  reasons,
  exchange,
  status,
  code,
  call,
  durationMs,
  receivedBytes,
  sentBytes,
  tightest,
  phase,
}: Outcome): WorkerRecord {
  return {
    id: uuidOf(requestId),
    time,
    tenant_id: compiled.tenantId,
    environment_id: compiled.environmentId,
    revision: compiled.revision,
    api: account.api,
    route: account.route,
    arm: account.arm,
    arm_reason: account.armReason,
    weight_version: account.weightVersion,
    application_id: account.applicationId,
    subscription_id: account.subscriptionId,
    credential_id: account.credentialId,
    plan: account.plan,
    method: exchange.method,
    host: exchange.host,
    path: exchange.path.slice(0, longestPath),
    status,
    code,
    upstream: account.upstream,
    target: call?.target ?? '',
    attempts: call?.attempts ?? 0,
    duration_us: Math.round(durationMs * 1000),
    upstream_us: Math.round((call?.firstByteMs ?? 0) * 1000),
    request_bytes: receivedBytes,
    response_bytes: sentBytes,
    limit_name: tightest?.limit.name ?? '',
    limit_left: tightest === undefined ? -1 : Math.max(0, Math.floor(tightest.left)),
    client_address: exchange.clientAddress,
    client_request_id: clientRequestId(exchange.header('x-request-id')),
    reasons: JSON.stringify(reasons),
    phase,
  };
}

/** `req_` and 32 hex digits as a UUID with dashes. */
function uuidOf(requestId: string): string {
  const hex = requestId.slice(requestId.indexOf('_') + 1);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
