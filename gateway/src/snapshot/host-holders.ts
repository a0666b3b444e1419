// Which environment answers at which host. The control plane gives a host to one environment of a fleet. Should it ever name two -
// a database mended by hand, say - the one that has the host goes on, and the other is refused there by receipt: nobody's
// requests are taken by somebody else. When the first lets go of it, the other gets it.
import type { ReceivedEntry } from './received.js';
import { toThreadChange, type Translated } from './to-thread-changes.js';

export class HostHolders {
  readonly #holders = new Map<string, string>();
  readonly #hostsOf = new Map<string, readonly string[]>();
  /** By host: the environments that were refused it, the first of them first. */
  readonly #waiting = new Map<string, Set<string>>();
  readonly #freed = new Set<string>();

  /** `toThreadChange`, with the hosts that the environment may have. */
  translate(entry: ReceivedEntry, secrets?: ReadonlyMap<string, string>): Translated {
    const { change, environmentId } = entry;
    if (change.kind !== 'environment') return toThreadChange(entry, secrets);
    const holderOf = (host: string): string => this.#holders.get(host.toLowerCase()) ?? environmentId;
    const taken = change.hosts.filter((host) => holderOf(host) !== environmentId);
    const hosts = change.hosts.filter((host) => holderOf(host) === environmentId);
    const translated = toThreadChange(taken.length === 0 ? entry : { ...entry, change: { ...change, hosts } }, secrets);
    // A revision that is refused leaves the environment what it had.
    if (translated.change === undefined) return translated;
    this.#hold(environmentId, hosts, taken);
    return taken.length === 0 ? translated : { ...translated, receipt: refusedAt(translated, taken) };
  }

  /** Environments that waited for a host which has been let go. They are to be translated again. */
  takeFreed(): string[] {
    const environments = [...this.#freed].flatMap((host) =>
      this.#holders.has(host) ? [] : [...(this.#waiting.get(host) ?? [])].slice(0, 1),
    );
    this.#freed.clear();
    return [...new Set(environments)];
  }

  #hold(environmentId: string, hosts: readonly string[], taken: readonly string[]): void {
    const before = this.#hostsOf.get(environmentId) ?? [];
    const now = hosts.map((host) => host.toLowerCase());
    for (const host of now) this.#holders.set(host, environmentId);
    for (const host of before.filter((one) => !now.includes(one))) {
      this.#holders.delete(host);
      this.#freed.add(host);
    }
    if (now.length === 0) this.#hostsOf.delete(environmentId);
    else this.#hostsOf.set(environmentId, now);
    this.#wait(environmentId, new Set(taken.map((host) => host.toLowerCase())));
  }

  #wait(environmentId: string, wanted: ReadonlySet<string>): void {
    for (const [host, environments] of this.#waiting) {
      if (!wanted.has(host)) environments.delete(environmentId);
      if (environments.size === 0) this.#waiting.delete(host);
    }
    for (const host of wanted) this.#waiting.set(host, (this.#waiting.get(host) ?? new Set()).add(environmentId));
  }
}

function refusedAt({ receipt }: Translated, taken: readonly string[]): Translated['receipt'] {
  if (receipt === undefined) return undefined;
  const refusals = taken.map((host) => ({
    object: `hosts/${host}`,
    code: 'host_held',
    detail: `another environment of this fleet answers at ${host}: it goes on there, and nothing of this one is served at it`,
  }));
  return { ...receipt, refusals: [...receipt.refusals, ...refusals] };
}
