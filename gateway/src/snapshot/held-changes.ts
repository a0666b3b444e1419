// Every live change of the fleet, as the feed sent it: what the last good snapshot on disk is made of, and what a new
// whole is compiled from. The newest change of each object.
//
// There may be a hundred thousand: words that come again and again are kept once, and credentials, which are most of them, in
// objects of few shapes. As they came from the parser they took twice the memory.
import { assertNever } from '@sluice/runtime';
import { ShortLived } from './short-lived.js';
import type { ReceivedChange, ReceivedEntry } from './received.js';

type Credential = Extract<ReceivedChange, { kind: 'credential' }>;

export class HeldChanges {
  readonly #environments = new Map<string, HeldEnvironment>();

  apply(entry: ReceivedEntry): void {
    const { environmentId, change } = entry;
    if (change.kind === 'environment' && change.document === null) {
      this.#environments.delete(environmentId);
      return;
    }
    let environment = this.#environments.get(environmentId);
    if (environment === undefined) {
      environment = new HeldEnvironment();
      this.#environments.set(environmentId, environment);
    }
    environment.apply(entry);
  }

  /**
   * Revisions come first, in the order of their positions: a host may have moved from one environment to another. Everything
   * else is there once, and in no order: to sort it stopped the main thread for 55 ms with 200,000 of them, at each change.
   */
  values(): ReceivedEntry[] {
    const environments = [...this.#environments.values()];
    const entries = environments
      .flatMap(({ revision }) => revision ?? [])
      .sort((one, other) => one.position - other.position);
    for (const environment of environments) environment.addTo(entries);
    return entries;
  }

  /** The revision that an environment has now. */
  environment(environmentId: string): ReceivedEntry | undefined {
    return this.#environments.get(environmentId)?.revision;
  }
}

/** The newest of each object. */
class HeldEnvironment {
  revision: ReceivedEntry | undefined;
  readonly #weights = new Map<string, ReceivedEntry>();
  readonly #subscriptions = new Map<string, ReceivedEntry>();
  readonly #credentials = new Map<string, ReceivedEntry>();
  readonly #tries = new ShortLived<ReceivedEntry>();
  readonly #words = new Map<string, string>();

  apply(received: ReceivedEntry): void {
    const entry = this.#kept(received);
    const { change } = entry;
    switch (change.kind) {
      case 'environment':
        this.revision = entry;
        break;
      case 'weights':
        this.#weights.set(change.route, entry);
        break;
      case 'subscription':
        this.#subscriptions.set(change.id, entry);
        break;
      case 'credential':
        if (change.isTry === true) this.#tries.set(change.hash, entry, change.expiresAt ?? 0, Date.now());
        else this.#credentials.set(change.hash, entry);
        break;
      default:
        assertNever(change);
    }
  }

  /** All but the revision. */
  addTo(entries: ReceivedEntry[]): void {
    for (const held of [this.#weights, this.#subscriptions, this.#credentials, this.#tries])
      for (const entry of held.values()) entries.push(entry);
  }

  #kept({ position, lane, tenantId, environmentId, change }: ReceivedEntry): ReceivedEntry {
    return {
      position,
      lane,
      tenantId: this.#word(tenantId),
      environmentId: this.#word(environmentId),
      change: change.kind === 'credential' ? this.#keptCredential(change) : change,
    };
  }

  #keptCredential({ id, subscriptionId, hash, state, expiresAt, scopes, isTry }: Credential): Credential {
    const isActive = state === 'active';
    const plain: Credential = {
      kind: 'credential',
      id,
      subscriptionId: this.#word(subscriptionId),
      hash,
      state: isActive ? 'active' : 'revoked',
    };
    // Most have none of these, and are kept without.
    const isPlain = expiresAt === undefined && scopes === undefined && isTry === undefined;
    return isPlain ? plain : { ...plain, expiresAt, scopes, isTry };
  }

  #word(text: string): string {
    const known = this.#words.get(text);
    if (known === undefined) this.#words.set(text, text);
    return known ?? text;
  }
}
