// All addresses of a name, and how long they may be used. DNS is asked for A and AAAA records, whose TTL counts; a name
// that it does not know may stand in /etc/hosts, or be resolved by another service of the system: `getaddrinfo` is asked
// meanwhile, and speaks where DNS does not.
import { lookup } from 'node:dns/promises';
import { Resolver } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

export interface Resolved {
  readonly addresses: readonly string[];
  readonly ttlMs: number;
}

/** Undefined: nobody knows the name, or nobody could be asked. */
export type ResolveName = (hostname: string) => Promise<Resolved | undefined>;

// getaddrinfo tells no TTL.
const systemTtlMs = 30_000;

/** @param servers of DNS, as `address` or `address:port`; none: those of the system. */
export function createResolveName(servers: readonly string[]): ResolveName {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  return async (hostname) => {
    const [four, six, system] = await Promise.all([
      resolver.resolve4(hostname, { ttl: true }).catch(() => []),
      hasIpv6() ? resolver.resolve6(hostname, { ttl: true }).catch(() => []) : [],
      lookup(hostname, { all: true }).catch(() => []),
    ]);
    const records = [...four, ...six];
    if (records.length > 0)
      return {
        addresses: records.map(({ address }) => address),
        ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1000,
      };
    return system.length === 0 ? undefined : { addresses: system.map(({ address }) => address), ttlMs: systemTtlMs };
  };
}

// As getaddrinfo does with AI_ADDRCONFIG: where this machine has no address of the kind, none can be reached.
function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ family, internal, address }) => family === 'IPv6' && !internal && !address.startsWith('fe80:')),
  );
}
