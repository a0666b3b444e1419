// Asks a tenant's own service whether a request may pass. Bounded in everything: where it may lead to, its time, what is
// read of its answer, how many questions a tenant has open. No redirect is followed: it is the service's answer, and the
// client's to follow. Connections are a tenant's own.
import { hash } from 'node:crypto';
import type { ForwardAuthCall, ForwardAuthFact } from '@sluice/engine';
import type { Clock } from '../limits/clock.js';
import { systemClock } from '../limits/clock.js';
import type { IsAllowed, Resolve } from '../upstream/allowed-address.js';
import { Services } from '../upstream/services.js';
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
/** Less than servers do: of one that the service closes meanwhile, the question would be lost. */
const keepAliveMs = 4000;
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
  const services = new Services(isAllowed, { connections: bounds.connections, keepAliveMs, resolve });
  const known = new TenantCache<ForwardAuthFact>({ perTenant: 1000, total: 5000 }, clock);
  const open = new Map<string, number>();

  const ask = async (tenantId: string, call: ForwardAuthCall): Promise<ForwardAuthFact> => {
    const openOf = open.get(tenantId) ?? 0;
    if (openOf >= bounds.open) {
      counters.count('forwardAuthBusy');
      return { state: 'unavailable', fault: 'busy' };
    }
    open.set(tenantId, openOf + 1);
    const fact = await answerOf(services, tenantId, call);
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
    close: async () => services.close(),
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

async function answerOf(services: Services, tenantId: string, call: ForwardAuthCall): Promise<ForwardAuthFact> {
  const url = URL.parse(call.address);
  if (url === null || !/^https?:$/.test(url.protocol)) return { state: 'unavailable', fault: 'unreachable' };
  const answer = await services.ask({
    owner: tenantId,
    url,
    headers: call.headers.filter(([name]) => !ours.has(name)).flat(),
    timeoutMs: call.timeoutMs,
    mostBytes: call.maxBodyBytes,
    isRead: () => true,
  });
  if (!answer.ok) return { state: 'unavailable', fault: answer.fault };
  return { state: 'answered', status: answer.status, headers: answer.headers, body: answer.body.toString() };
}

function cacheKey({ address, headers, maxBodyBytes }: ForwardAuthCall): string {
  return hash('sha256', JSON.stringify([address, maxBodyBytes, headers]), 'base64url');
}
