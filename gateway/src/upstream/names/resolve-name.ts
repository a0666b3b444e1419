// All addresses of a name that a tenant chose, and how long they may be used. What the machine itself knows comes first,
// then DNS, by sockets that hold nobody up. getaddrinfo, and with it whatever else resolves names on this system, is asked
// only for names that DNS has said it does not know: see ask-system.ts.
import { Resolver, NODATA, NOTFOUND, TIMEOUT } from 'node:dns/promises';
import { askSystem as askSystemAlone } from './ask-system.js';
import { MachineNames } from './machine-names.js';

export interface Resolved {
  readonly addresses: readonly string[];
  readonly ttlMs: number;
}

/** Undefined: nobody knows the name, or nobody could be asked. */
export type ResolveName = (hostname: string) => Promise<Resolved | undefined>;

// Neither files nor getaddrinfo tell a TTL.
const systemTtlMs = 30_000;
// c-ares waits a second for a server that is usually fast, whatever is said here, and takes no answer that comes after its
// try. The last of four has the longest time, for a name that takes a server long to find.
const tries = { tries: 4, maxTimeout: 2000 };

interface ResolveNameOptions {
  /** For the first try at each server. */
  readonly timeoutMs?: number;
  readonly machine?: MachineNames;
  /** Default: `getaddrinfo`. */
  readonly askSystem?: (hostname: string) => Promise<readonly string[]>;
}

/** @param servers of DNS, as `address` or `address:port`, that are asked before those of the system; none: those alone. */
export function createResolveName(
  servers: readonly string[],
  { timeoutMs = 1000, machine = new MachineNames(), askSystem = askSystemAlone }: ResolveNameOptions = {},
): ResolveName {
  const given = servers.length === 0 ? undefined : resolverOf(servers, timeoutMs);
  let ofSystem = resolverOf(machine.servers, timeoutMs);
  let { version } = machine;
  const systems = (): Resolver => {
    // A resolver reads /etc/resolv.conf when it is made.
    if (machine.version !== version) {
      ({ version } = machine);
      ofSystem = resolverOf(machine.servers, timeoutMs);
    }
    return ofSystem;
  };
  return async (hostname) => {
    machine.look();
    const known = machine.addressesOf(hostname);
    if (known !== undefined) return { addresses: known, ttlMs: systemTtlMs };
    if (given !== undefined) {
      const answer = await ask(given, hostname, machine);
      if (answer === 'silent') return undefined;
      if (typeof answer === 'object') return answer;
    }
    let isUnknown = true;
    for (const name of machine.fullNamesOf(hostname)) {
      const answer = await ask(systems(), name, machine);
      if (answer === 'silent') return undefined;
      if (typeof answer === 'object') return answer;
      isUnknown &&= answer === 'unknown';
    }
    const addresses = isUnknown ? await askSystem(hostname).catch(() => []) : [];
    return addresses.length === 0 ? undefined : { addresses, ttlMs: systemTtlMs };
  };
}

function resolverOf(servers: readonly string[], timeoutMs: number): Resolver {
  const resolver = new Resolver({ timeout: timeoutMs, ...tries });
  if (servers.length > 0) resolver.setServers(servers);
  return resolver;
}

async function ask(
  resolver: Resolver,
  name: string,
  { reaches }: MachineNames,
): Promise<Resolved | 'unknown' | 'silent' | 'refused'> {
  const [four, six] = await Promise.allSettled([
    reaches.ipv4 ? resolver.resolve4(name, { ttl: true }) : [],
    reaches.ipv6 === 'none' ? [] : resolver.resolve6(name, { ttl: true }),
  ]);
  const records = (reaches.ipv6 === 'global' ? [six, four] : [four, six]).flatMap((answer) =>
    answer.status === 'fulfilled' ? answer.value : [],
  );
  if (records.length > 0)
    return {
      addresses: records.map(({ address }) => address),
      ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1000,
    };
  const codes = [four, six].map(codeOf);
  if (codes.includes(TIMEOUT)) return 'silent';
  return codes.every((code) => code === undefined || code === NOTFOUND || code === NODATA) ? 'unknown' : 'refused';
}

function codeOf(answer: PromiseSettledResult<unknown>): string | undefined {
  return answer.status === 'rejected' ? (answer.reason as NodeJS.ErrnoException).code : undefined;
}
