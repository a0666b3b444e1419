// Names of tenants as connections look them up. A tenant whose DNS is silent waits for it alone: equal questions of its
// requests are one, and it has so many under way at most that no other tenant's ever lacks a place.
import type { LookupAddress, LookupOptions } from 'node:dns';
import { NOTFOUND } from 'node:dns';
import { isIP } from 'node:net';
import { callbackify } from 'node:util';
import type { Resolve } from '../allowed-address.js';
import { createResolveName } from './resolve-name.js';
import type { Resolved, ResolveName } from './resolve-name.js';

/** Of one tenant, in one thread. Of all, since c-ares has 65,536 numbers for its questions, and several for one name. */
const mostUnderWay = { ofOne: 256, ofAll: 4096 };

export function lookUpBy(resolveName: ResolveName): Resolve {
  const underWay = new Map<string, Map<string, Promise<Resolved | undefined>>>();
  let ofAll = 0;
  const ask = async (tenantId: string, hostname: string): Promise<Resolved | undefined> => {
    const ofTenant = underWay.get(tenantId) ?? new Map<string, Promise<Resolved | undefined>>();
    const asked = ofTenant.get(hostname);
    if (asked !== undefined) return asked;
    if (ofAll >= mostUnderWay.ofAll || (tenantId !== '' && ofTenant.size >= mostUnderWay.ofOne)) return undefined;
    const asking = resolveName(hostname).finally(() => {
      ofAll -= 1;
      ofTenant.delete(hostname);
      if (ofTenant.size === 0) underWay.delete(tenantId);
    });
    ofAll += 1;
    underWay.set(tenantId, ofTenant.set(hostname, asking));
    return asking;
  };
  const find = callbackify(async (tenantId: string, hostname: string, family: LookupOptions['family']) => {
    const resolved = await ask(tenantId, hostname);
    const all = (resolved?.addresses ?? []).map((address): LookupAddress => ({ address, family: isIP(address) }));
    const addresses = family === 4 || family === 6 ? all.filter((one) => one.family === family) : all;
    if (addresses.length === 0) throw notFound(hostname);
    return addresses;
  });
  return (hostname, { family, tenantId = '' }, callback) => find(tenantId, hostname, family, callback);
}

let byMachine: Resolve | undefined;
/** By the machine's own means, as long as nobody has said otherwise. */
export const lookUp: Resolve = (hostname, options, callback) => {
  byMachine ??= lookUpBy(createResolveName([]));
  byMachine(hostname, options, callback);
};

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname}: nobody knows this name, or nobody could be asked`), { code: NOTFOUND });
}
