// Every live change of the fleet, as the feed sent it: what the last good snapshot on disk is made of, and what a new
// whole is compiled from. The newest change of each object.
//
// There may be a hundred thousand credentials: they lie in memory that the threads read too, and are put together again when
// they are saved.
import { assertNever } from '@sluice/runtime';
import { CredentialTable } from './credentials/credential-table.js';
import type { SharedCredentials } from './credentials/layout.js';
import { newKey, setEnvironment } from './credentials/layout.js';
import { HeldSecrets } from './held-secrets.js';
import { ShortLived } from './short-lived.js';
import type { ReceivedChange, ReceivedEntry } from './received.js';

type Credential = Extract<ReceivedChange, { kind: 'credential' }>;
type StoredEntry = ReceivedEntry & { readonly change: Credential };

/** Of a credential that lies in shared memory: of all that live longer than minutes. */
export const isStored = (entry: ReceivedEntry): entry is StoredEntry =>
  entry.change.kind === 'credential' && entry.change.isTry !== true;

export class HeldChanges {
  readonly #environments = new Map<string, HeldEnvironment>();
  /** By what its credentials are kept under. */
  readonly #byKey = new Map<string, HeldEnvironment>();
  #table = CredentialTable.create();

  /** Where threads read credentials. Another one after `apply` has found no room: until they read there, they miss what has changed. */
  get credentials(): SharedCredentials {
    return this.#table.shared;
  }

  apply(entry: ReceivedEntry): void {
    const { environmentId, tenantId, change } = entry;
    if (change.kind === 'environment' && change.document === null) {
      this.#forget(environmentId);
      return;
    }
    let environment = this.#environments.get(environmentId);
    if (environment === undefined) {
      environment = new HeldEnvironment(environmentId, tenantId);
      this.#environments.set(environmentId, environment);
      this.#byKey.set(environment.key, environment);
    }
    if (isStored(entry)) this.#store(entry);
    else environment.apply(entry);
  }

  /** On every thread at once. What is not known is not revoked: `apply` does the rest. */
  revoke({ environmentId, change: { hash } }: StoredEntry): void {
    this.#table.revoke(environmentId, hash);
  }

  /**
   * All but the credentials in shared memory. Revisions come first, in the order of their positions: a host may have moved from
   * one environment to another. Everything else is there once, and in no order: to sort it stopped the main thread for 55 ms
   * with 200,000 of them, at each change.
   */
  values(): ReceivedEntry[] {
    const environments = [...this.#environments.values()];
    const entries = environments
      .flatMap(({ revision }) => revision ?? [])
      .sort((one, other) => one.position - other.position);
    for (const environment of environments) environment.addTo(entries);
    return entries;
  }

  /** `values` and the credentials. These are read while the caller goes on, some as they are by then. */
  all(): Iterable<ReceivedEntry> {
    return inTurn(this.values(), this.#storedEntries());
  }

  *#storedEntries(): Generator<ReceivedEntry> {
    const environmentOf = (first: number, second: number): string | undefined =>
      this.#byKey.get(`${first} ${second}`)?.environmentId;
    for (const stored of this.#table.values(environmentOf)) {
      const { environmentId, position, lane, isRevoked, scopes, ...credential } = stored;
      const tenantId = this.#environments.get(environmentId)?.tenantId;
      if (tenantId === undefined) continue;
      const change: Credential = { kind: 'credential', ...credential, state: isRevoked ? 'revoked' : 'active' };
      if (scopes !== undefined) change.scopes = [...scopes];
      yield { position, lane, tenantId, environmentId, change };
    }
  }

  #store({ environmentId, position, lane, change }: StoredEntry): void {
    const { id, subscriptionId, hash, state, expiresAt, scopes } = change;
    const isRevoked = state === 'revoked';
    const stored = { environmentId, position, lane, id, subscriptionId, hash, isRevoked, expiresAt, scopes };
    if (this.#table.set(stored)) return;
    this.#table = this.#table.grown();
    this.#table.set(stored);
  }

  #forget(environmentId: string): void {
    const environment = this.#environments.get(environmentId);
    if (environment === undefined) return;
    this.#environments.delete(environmentId);
    this.#byKey.delete(environment.key);
    this.#table.removeEnvironment(environmentId);
  }

  /** What the environment's documents may refer to. */
  secrets(environmentId: string): ReadonlyMap<string, string> {
    return this.#environments.get(environmentId)?.secrets.values ?? none;
  }

  /** The revision that an environment has now. */
  environment(environmentId: string): ReceivedEntry | undefined {
    return this.#environments.get(environmentId)?.revision;
  }
}

const none: ReadonlyMap<string, string> = new Map();

function* inTurn(...parts: readonly Iterable<ReceivedEntry>[]): Generator<ReceivedEntry> {
  for (const part of parts) yield* part;
}

/** The newest of each object. */
class HeldEnvironment {
  revision: ReceivedEntry | undefined;
  readonly secrets = new HeldSecrets();
  readonly #weights = new Map<string, ReceivedEntry>();
  readonly #subscriptions = new Map<string, ReceivedEntry>();
  readonly #tries = new ShortLived<ReceivedEntry>();
  readonly key: string;

  constructor(
    readonly environmentId: string,
    readonly tenantId: string,
  ) {
    const key = newKey();
    setEnvironment(key, environmentId);
    this.key = `${key[0]} ${key[1]}`;
  }

  apply({ position, lane, change }: ReceivedEntry): void {
    const { tenantId, environmentId } = this;
    const entry = { position, lane, tenantId, environmentId, change };
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
        this.#tries.set(change.hash, entry, change.expiresAt ?? 0, Date.now());
        break;
      case 'secret':
        this.secrets.apply(change.name, change.value, entry);
        break;
      default:
        assertNever(change);
    }
  }

  /** All but the revision. */
  addTo(entries: ReceivedEntry[]): void {
    for (const entry of this.secrets.entries()) entries.push(entry);
    for (const held of [this.#weights, this.#subscriptions, this.#tries])
      for (const entry of held.values()) entries.push(entry);
  }
}
