// Asks a tenant's own service whether a request may pass. Bounded in everything: where it may lead to, its time, what is
// read of its answer, how many questions a tenant has open. No redirect is followed: it is the service's answer, and the
// client's to follow. Connections are a tenant's own.
import { hash } from 'node:crypto';
import type { ForwardAuthCall, ForwardAuthFact } from '@sluice/engine';
import type { Clock } from '../limits/clock.js';
import { systemClock } from '../limits/clock.js';
import type { IsAllowed, Resolve } from '../upstream/allowed-address.js';
import { ForbiddenAddressError } from '../upstream/allowed-address.js';
import { Pools } from '../upstream/pools.js';
import type { IdentityChecks } from './identity-checks.js';
import type { IdentityCounters } from './identity-counters.js';
import { TenantCache } from './tenant-cache.js';

export type ForwardAuth = Pick<IdentityChecks, 'knownForwardAuth' | 'askForwardAuth'> & { close(): Promise<void> };

export interface ForwardAuthBounds {
  readonly connections: number;
  /** Of one tenant in one thread, on connections and waiting for one. */
  readonly open: number;
}

export interface ForwardAuthOptions {
  readonly bounds?: ForwardAuthBounds | undefined;
  readonly clock?: Pick<Clock, 'nowMs'>;
  readonly resolve?: Resolve;
}

const defaultBounds: ForwardAuthBounds = { connections: 64, open: 256 };
/** Of headers and body. Larger answers are not kept: 40 MB a thread is the most that all tenants' come to. */
const mostKeptBytes = 8192;
// They are this connection's own, and not for the policy to say. What is answered is read as text: never compressed.
const ours = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
]);

export function createForwardAuth(
  isAllowed: IsAllowed,
  counters: IdentityCounters,
  { bounds = defaultBounds, clock = systemClock, resolve }: ForwardAuthOptions = {},
): ForwardAuth {
  const pools = new Pools(isAllowed, bounds.connections, resolve);
  const known = new TenantCache<ForwardAuthFact>({ perTenant: 1000, total: 5000 }, clock);
  const open = new Map<string, number>();

  const ask = async (tenantId: string, call: ForwardAuthCall): Promise<ForwardAuthFact> => {
    const openOf = open.get(tenantId) ?? 0;
    if (openOf >= bounds.open) {
      counters.count('forwardAuthBusy');
      return { state: 'unavailable', fault: 'busy' };
    }
    open.set(tenantId, openOf + 1);
    const fact = await answerOf(pools, tenantId, call);
    const left = (open.get(tenantId) ?? 1) - 1;
    if (left === 0) open.delete(tenantId);
    else open.set(tenantId, left);
    counters.count(fact.state === 'answered' ? 'forwardAuthAnswered' : 'forwardAuthUnavailable');
    return fact;
  };

  return {
    knownForwardAuth(tenantId, call) {
      if (call.cacheMs <= 0) return undefined;
      const fact = known.get(tenantId, cacheKey(call));
      if (fact !== undefined) counters.count('forwardAuthCached');
      return fact;
    },
    async askForwardAuth(tenantId, call) {
      const fact = await ask(tenantId, call);
      if (call.cacheMs > 0 && mayBeKept(fact)) known.set(tenantId, cacheKey(call), fact, call.cacheMs);
      return fact;
    },
    close: async () => pools.close(),
  };
}

function mayBeKept(fact: ForwardAuthFact): boolean {
  // A service that fails has said nothing about the caller; and what it sets a cookie to is meant for this one alone, though
  // another behind the same address may send the very same headers.
  return (
    fact.state === 'answered' &&
    fact.status < 500 &&
    sizeOf(fact) <= mostKeptBytes &&
    !fact.headers.some(([name]) => name === 'set-cookie')
  );
}

function sizeOf({ headers, body }: Extract<ForwardAuthFact, { state: 'answered' }>): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, body.length);
}

async function answerOf(pools: Pools, tenantId: string, call: ForwardAuthCall): Promise<ForwardAuthFact> {
  const url = URL.parse(call.address);
  if (url === null || !/^https?:$/.test(url.protocol)) return { state: 'unavailable', fault: 'unreachable' };
  const signal = AbortSignal.timeout(call.timeoutMs);
  try {
    const { statusCode, headers, body } = await pools.get(tenantId, 'forward-auth', url.origin).request({
      path: url.pathname + url.search,
      method: 'GET',
      headers: call.headers.filter(([name]) => !ours.has(name)).flat(),
      signal,
      responseHeaders: null,
    });
    const text = await firstBytes(body, call.maxBodyBytes);
    return { state: 'answered', status: statusCode, headers: pairs(headers), body: text };
  } catch (error) {
    if (signal.aborted) return { state: 'unavailable', fault: 'timeout' };
    const fault = error instanceof ForbiddenAddressError ? 'forbidden_address' : 'unreachable';
    return { state: 'unavailable', fault };
  }
}

async function firstBytes(body: AsyncIterable<unknown>, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    const bytes = chunk as Buffer;
    chunks.push(bytes);
    length += bytes.length;
    if (length > most) break; // leaving the loop closes the connection
  }
  return Buffer.concat(chunks).subarray(0, most).toString();
}

function pairs(headers: Readonly<Record<string, string | string[] | undefined>>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one]),
  );
}

function cacheKey({ address, headers, maxBodyBytes }: ForwardAuthCall): string {
  return hash('sha256', JSON.stringify([address, maxBodyBytes, headers]), 'base64url');
}
