// What this machine knows of names without asking anybody, as getaddrinfo goes by it: /etc/hosts, the search list of
// /etc/resolv.conf, and the kinds of addresses that it can reach. Looked at again as names are asked for, once a second.
import { readFileSync } from 'node:fs';
import { hostname as ownName, networkInterfaces } from 'node:os';
import { isIP } from 'node:net';

interface MachineFiles {
  readonly hosts: string;
  readonly resolvConf: string;
  /** Of DNS, instead of those that /etc/resolv.conf names. */
  readonly servers: readonly string[];
}

interface Reaches {
  readonly ipv4: boolean;
  /** `local`: not beyond the operator's own networks, so that IPv4 is tried first. */
  readonly ipv6: 'none' | 'local' | 'global';
}

interface Search {
  readonly domains: readonly string[];
  /** A name with fewer dots is looked for in the domains first. */
  readonly leastDots: number;
}

const lookMs = 1000;
// As the C library bounds it.
const mostDots = 15;

export class MachineNames {
  /** Another one when /etc/resolv.conf has changed. */
  version = 0;
  reaches: Reaches = { ipv4: true, ipv6: 'none' };
  readonly servers: readonly string[];
  readonly #files: MachineFiles;
  #lookedAtMs = -Infinity;
  #hostsText = '';
  #hosts: ReadonlyMap<string, readonly string[]> = new Map();
  #resolvText = '';
  #search: Search = { domains: [], leastDots: 1 };

  constructor(files: Partial<MachineFiles> = {}) {
    this.#files = { hosts: '/etc/hosts', resolvConf: '/etc/resolv.conf', servers: [], ...files };
    this.servers = this.#files.servers;
  }

  /** Takes up what has changed. */
  look(): void {
    const nowMs = performance.now();
    if (nowMs - this.#lookedAtMs < lookMs) return;
    this.#lookedAtMs = nowMs;
    this.reaches = reachesNow();
    const hosts = textOf(this.#files.hosts);
    if (hosts !== this.#hostsText) this.#hosts = hostsOf(hosts);
    this.#hostsText = hosts;
    const resolv = textOf(this.#files.resolvConf);
    if (resolv === this.#resolvText) return;
    this.#search = searchOf(resolv);
    this.#resolvText = resolv;
    this.version += 1;
  }

  /** In the order of the file. */
  addressesOf(hostname: string): readonly string[] | undefined {
    const name = hostname.toLowerCase().replace(/\.$/, '');
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    // RFC 6761, section 6.3: DNS is not to be asked for it.
    return name === 'localhost' || name.endsWith('.localhost') ? ['127.0.0.1', '::1'] : undefined;
  }

  /** In the order in which they are asked for, until one is known. */
  fullNamesOf(hostname: string): string[] {
    const { domains, leastDots } = this.#search;
    if (hostname.endsWith('.')) return [hostname];
    const inDomains = domains.map((domain) => `${hostname}.${domain}`);
    return hostname.split('.').length - 1 >= leastDots ? [hostname, ...inDomains] : [...inDomains, hostname];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // there need not be one
  }
}

function hostsOf(text: string): Map<string, string[]> {
  const hosts = new Map<string, string[]>();
  for (const [address = '', ...names] of wordsOf(text, /#.*$/)) {
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const addresses = hosts.get(name.toLowerCase()) ?? [];
      if (!addresses.includes(address)) hosts.set(name.toLowerCase(), [...addresses, address]);
    }
  }
  return hosts;
}

// resolv.conf(5): the last `search` or `domain` counts; without one, the domain of the machine's own name.
function searchOf(text: string): Search {
  const [, ...own] = ownName().split('.');
  let domains = own.length === 0 ? [] : [own.join('.')];
  let leastDots = 1;
  for (const [keyword, ...values] of wordsOf(text, /[#;].*$/)) {
    if (keyword === 'search' || keyword === 'domain')
      domains = values.map((domain) => domain.replace(/\.$/, '')).filter((domain) => domain !== '');
    if (keyword !== 'options') continue;
    const dots = values.findLast((value) => /^ndots:\d+$/.test(value))?.slice('ndots:'.length);
    if (dots !== undefined) leastDots = Math.min(Number(dots), mostDots);
  }
  return { domains, leastDots };
}

function wordsOf(text: string, comment: RegExp): string[][] {
  return text.split('\n').map((line) => line.replace(comment, '').trim().split(/\s+/));
}

// As getaddrinfo does with AI_ADDRCONFIG: where this machine has no address of the kind, none can be reached.
function reachesNow(): Reaches {
  const addresses = Object.values(networkInterfaces()).flatMap((ofOne) => ofOne ?? []);
  const outer = addresses.filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
  const sixes = outer.filter(({ family }) => family === 'IPv6');
  return {
    ipv4: outer.length === sixes.length ? outer.length === 0 : true,
    ipv6: sixes.length === 0 ? 'none' : sixes.some(({ address }) => /^[23]/.test(address)) ? 'global' : 'local',
  };
}
