// Every live change of the fleet, as the feed sent it: what the last good snapshot on disk is made of, and what a new
// whole is compiled from. The newest change of each object, in the order of positions.
//
// There may be a hundred thousand: words that come again and again are kept once, and credentials, which are most of them, in
// objects of one shape. As they came from the parser they took twice the memory.
import { assertNever } from '@sluice/runtime';
import type { ReceivedChange, ReceivedEntry } from './received.js';

type Credential = Extract<ReceivedChange, { kind: 'credential' }>;

export class HeldChanges {
  readonly #environments = new Map<string, HeldEnvironment>();
  readonly #words = new Map<string, string>();

  apply(entry: ReceivedEntry): void {
    const { environmentId, change } = entry;
    if (change.kind === 'environment' && change.document === null) {
      this.#environments.delete(environmentId);
      return;
    }
    let environment = this.#environments.get(environmentId);
    if (environment === undefined) {
      environment = new HeldEnvironment();
      this.#environments.set(this.#word(environmentId), environment);
    }
    environment.apply(this.#kept(entry));
  }

  values(): ReceivedEntry[] {
    const entries: ReceivedEntry[] = [];
    for (const environment of this.#environments.values()) environment.addTo(entries);
    return entries.sort((one, other) => one.position - other.position);
  }

  /** The revision that an environment has now. */
  environment(environmentId: string): ReceivedEntry | undefined {
    return this.#environments.get(environmentId)?.revision;
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

  #keptCredential({ id, subscriptionId, hash, state }: Credential): Credential {
    const isActive = state === 'active';
    return {
      kind: 'credential',
      id,
      subscriptionId: this.#word(subscriptionId),
      hash,
      state: isActive ? 'active' : 'revoked',
    };
  }

  #word(text: string): string {
    const known = this.#words.get(text);
    if (known === undefined) this.#words.set(text, text);
    return known ?? text;
  }
}

/** The newest of each object. */
class HeldEnvironment {
  revision: ReceivedEntry | undefined;
  readonly #weights = new Map<string, ReceivedEntry>();
  readonly #subscriptions = new Map<string, ReceivedEntry>();
  readonly #credentials = new Map<string, ReceivedEntry>();

  apply(entry: ReceivedEntry): void {
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
        this.#credentials.set(change.hash, entry);
        break;
      default:
        assertNever(change);
    }
  }

  addTo(entries: ReceivedEntry[]): void {
    if (this.revision !== undefined) entries.push(this.revision);
    for (const held of [this.#weights, this.#subscriptions, this.#credentials])
      for (const entry of held.values()) entries.push(entry);
  }
}
