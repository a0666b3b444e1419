// A name whose addresses are followed: asked again when their TTL is over. While nobody can be asked, or the name has
// no address that upstreams may lead to, the last ones stay: DNS that is away takes no upstream down.
import type { Clock, Timer } from '../../limits/clock.js';
import type { IsAllowed } from '../allowed-address.js';
import type { ResolveName } from '../names/resolve-name.js';

export interface FollowedNameOptions {
  readonly hostname: string;
  readonly clock: Pick<Clock, 'setTimeout'>;
  readonly resolve: ResolveName;
  readonly isAllowed: IsAllowed;
  /** Sorted. Called when they are others than before. */
  readonly onAddresses: (addresses: readonly string[]) => void;
}

const [leastTtlMs, mostTtlMs] = [1000, 300_000];
const retryMs = 5000;
/** Of one name. Each is a target of its own. */
const mostAddresses = 256;

export class FollowedName {
  readonly #options: FollowedNameOptions;
  /** None: they are not known yet. */
  addresses: readonly string[] = [];
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(options: FollowedNameOptions) {
    this.#options = options;
    void this.#ask(); // asking never rejects
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.clear();
  }

  async #ask(): Promise<void> {
    const { hostname, clock, resolve, isAllowed, onAddresses } = this.#options;
    const resolved = await resolve(hostname).catch(() => undefined);
    if (this.#isStopped) return;
    const usable = [...new Set(resolved?.addresses)].filter((address) => isAllowed(address)).toSorted();
    const addresses = usable.slice(0, mostAddresses);
    const ttlMs = resolved === undefined ? retryMs : Math.min(Math.max(resolved.ttlMs, leastTtlMs), mostTtlMs);
    this.#timer = clock.setTimeout(() => void this.#ask(), ttlMs);
    if (addresses.length === 0 || addresses.join() === this.addresses.join()) return;
    this.addresses = addresses;
    onAddresses(addresses);
  }
}
