// One request as a line of JSON. What may carry a secret is not among its fields: no header but the client's request id, no
// query, no body. docs/operations/observing.md tells each field.
import { problems } from '@sluice/contracts';
import type { Account, Compiled } from '@sluice/engine';
import type { UpstreamCall } from '../../upstream/upstream.js';
import type { Refusal } from '../../wire/exchange.js';

interface Accessed {
  readonly time: number;
  readonly requestId: string;
  readonly clientAddress: string;
  /** Undefined where the wire itself refused it: what was asked for is not to be trusted then. */
  readonly asked: { readonly method: string; readonly host: string; readonly path: string } | undefined;
  readonly status: number;
  readonly code: string;
  readonly durationMs: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  /** Undefined: of no environment. */
  readonly compiled: Compiled | undefined;
  /** Undefined: nothing was decided. */
  readonly account: Account | undefined;
  readonly call: UpstreamCall | undefined;
  readonly clientRequestId: string;
  readonly traceId: string;
}

// So that a line stays below what a pipe takes at once.
const longestPath = 2048;

/** The fields of a line, in their order. All are in every line. */
function accessFields(accessed: Accessed): Readonly<Record<string, string | number>> {
  const { asked, compiled, account, call } = accessed;
  return {
    time: new Date(accessed.time).toISOString(),
    request_id: accessed.requestId,
    client_address: accessed.clientAddress,
    method: asked?.method ?? '',
    host: asked?.host ?? '',
    path: asked?.path.slice(0, longestPath) ?? '',
    status: accessed.status,
    code: accessed.code,
    duration_us: Math.round(accessed.durationMs * 1000),
    request_bytes: accessed.receivedBytes,
    response_bytes: accessed.sentBytes,
    tenant_id: compiled?.tenantId ?? '',
    environment_id: compiled?.environmentId ?? '',
    revision: compiled?.revision ?? 0,
    api: account?.api ?? '',
    route: account?.route ?? '',
    arm: account?.arm ?? '',
    application_id: account?.applicationId ?? '',
    subscription_id: account?.subscriptionId ?? '',
    credential_id: account?.credentialId ?? '',
    upstream: account?.upstream ?? '',
    target: call?.target ?? '',
    attempts: call?.attempts ?? 0,
    upstream_us: Math.round((call?.firstByteMs ?? 0) * 1000),
    client_request_id: accessed.clientRequestId,
    trace_id: accessed.traceId,
  };
}

/** Of a request that the wire itself refused. */
export function refusedLine({ code, clientAddress }: Refusal, requestId: string): string {
  return accessLine({
    time: Date.now(),
    requestId,
    clientAddress,
    asked: undefined,
    status: problems[code].status,
    code,
    durationMs: 0,
    receivedBytes: 0,
    sentBytes: 0,
    compiled: undefined,
    account: undefined,
    call: undefined,
    clientRequestId: '',
    traceId: '',
  });
}

export function accessLine(accessed: Accessed): string {
  return `${JSON.stringify(accessFields(accessed))}\n`;
}
