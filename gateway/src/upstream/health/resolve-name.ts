// All addresses of a name, and how long they may be used. DNS is asked for A and AAAA records, whose TTL counts; a name
// that it does not know may stand in /etc/hosts, or be resolved by another service of the system: then `getaddrinfo` is
// asked. It is not where DNS is silent: each call would hold one of the two threads that the whole process has for such
// calls, for ten seconds or more, and a tenant chooses the names.
import { lookup, Resolver, TIMEOUT } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

export interface Resolved {
  readonly addresses: readonly string[];
  readonly ttlMs: number;
}

/** Undefined: nobody knows the name, or nobody could be asked. */
export type ResolveName = (hostname: string) => Promise<Resolved | undefined>;

// getaddrinfo tells no TTL.
const systemTtlMs = 30_000;

interface ResolveNameOptions {
  /** For the first try at each server; the second has twice the time. */
  readonly timeoutMs?: number;
  /** Default: `getaddrinfo`. */
  readonly askSystem?: (hostname: string) => Promise<readonly string[]>;
}

/** @param servers of DNS, as `address` or `address:port`; none: those of the system. */
export function createResolveName(
  servers: readonly string[],
  { timeoutMs = 2000, askSystem = addressesOf }: ResolveNameOptions = {},
): ResolveName {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  return async (hostname) => {
    const answers = await Promise.allSettled([
      resolver.resolve4(hostname, { ttl: true }),
      hasIpv6() ? resolver.resolve6(hostname, { ttl: true }) : [],
    ]);
    const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (records.length > 0)
      return {
        addresses: records.map(({ address }) => address),
        ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1000,
      };
    if (answers.some(isSilence)) return undefined;
    const addresses = await askSystem(hostname).catch(() => []);
    return addresses.length === 0 ? undefined : { addresses, ttlMs: systemTtlMs };
  };
}

function isSilence(answer: PromiseSettledResult<unknown>): boolean {
  return answer.status === 'rejected' && (answer.reason as NodeJS.ErrnoException).code === TIMEOUT;
}

async function addressesOf(hostname: string): Promise<string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}

// As getaddrinfo does with AI_ADDRCONFIG: where this machine has no address of the kind, none can be reached.
function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ family, internal, address }) => family === 'IPv6' && !internal && !address.startsWith('fe80:')),
  );
}
