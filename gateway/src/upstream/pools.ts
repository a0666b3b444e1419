// Connections to the services that are asked who calls (forward-auth), over undici: one pool for each tenant and origin, so
// that no byte of one tenant ever waits on another's connection. A pool that nobody uses for a while is closed.
import { isIP } from 'node:net';
import { buildConnector, Pool } from 'undici';
import type { IsAllowed, Resolve } from './allowed-address.js';
import { checkedLookup, ForbiddenAddressError } from './allowed-address.js';
import { relayEarlyAnswer } from './http1/relay-early-answer.js';

const connectTimeoutMs = 5000;

const idlePoolMs = 300_000;
// Between two bytes of an answer's body. A client that reads slowly does not count: the gateway then waits itself.
const bodyIdleMs = 300_000;

export class Pools {
  readonly #pools = new Map<string, { readonly pool: Pool; usedAt: number }>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(
    private readonly isAllowed: IsAllowed,
    /** At once, to one origin. */
    private readonly connections: number,
    private readonly resolve: Resolve | undefined,
  ) {
    this.#sweeper = setInterval(() => this.#sweep(), 60_000).unref();
  }

  get(tenantId: string, upstream: string, origin: string): Pool {
    const key = `${tenantId} ${upstream} ${origin}`;
    let entry = this.#pools.get(key);
    if (entry === undefined) {
      const options = {
        connect: checkedConnector(this.isAllowed, this.resolve, tenantId),
        connections: this.connections,
        pipelining: 1,
        bodyTimeout: bodyIdleMs,
      };
      entry = { pool: new Pool(origin, options), usedAt: 0 };
      this.#pools.set(key, entry);
    }
    entry.usedAt = performance.now();
    return entry.pool;
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all([...this.#pools.values()].map(async ({ pool }) => pool.close()));
    this.#pools.clear();
  }

  #sweep(): void {
    const before = performance.now() - idlePoolMs;
    for (const [key, { pool, usedAt }] of this.#pools) {
      if (usedAt > before || pool.stats.size > 0) continue;
      this.#pools.delete(key);
      pool.close().catch(() => undefined); // it holds no request, so nothing can be lost
    }
  }
}

// `net.connect` looks up names only: an address that stands in the URL itself is checked here.
export function checkedConnector(isAllowed: IsAllowed, resolve?: Resolve, tenantId?: string): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const port = Number(options.port === '' ? (options.protocol === 'https:' ? 443 : 80) : options.port);
    const isAllowedHere = (address: string): boolean => isAllowed(address, port);
    const connect = buildConnector({
      allowH2: false,
      timeout: connectTimeoutMs,
      lookup: checkedLookup(isAllowedHere, resolve, tenantId),
      keepAlive: true,
    });
    if (isIP(host) !== 0 && !isAllowedHere(host)) {
      process.nextTick(callback, new ForbiddenAddressError(`${host} is not an allowed address`), null);
      return;
    }
    connect({ ...options, hostname: host }, (...[error, socket]) => {
      if (error !== null) callback(error, null);
      else {
        relayEarlyAnswer(socket);
        callback(null, socket);
      }
    });
  };
}
