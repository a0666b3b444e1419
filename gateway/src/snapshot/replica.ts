// What one worker thread enforces. A message is applied within one turn of the event loop, so no request ever sees half
// of it. Credentials lie in memory that all threads share.
import { hash } from 'node:crypto';
import type { Compiled, CredentialFact, SubscriptionFact, WeightsFact } from '@sluice/engine';
import { findByHost } from '@sluice/engine';
import { CredentialReader } from './credentials/credential-reader.js';
import { newKey, setEnvironment } from './credentials/layout.js';
import { ShortLived } from './short-lived.js';
import type { ThreadChange, ToThread } from './thread-message.js';

export interface EnvironmentView {
  readonly compiled: Compiled;
  credential(key: string): CredentialFact | undefined;
  subscription(id: string): SubscriptionFact | undefined;
  weights(route: string): WeightsFact | undefined;
}

export class Replica {
  #state = new ReplicaState();
  #staged: ReplicaState | undefined;
  #isLoaded = false;

  /** False until the first whole or change has arrived. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  environmentOf(host: string): EnvironmentView | undefined {
    return findByHost(this.#state.byHost, host);
  }

  apply({ mode, isLast, changes, credentials }: ToThread): void {
    if (mode === 'now') {
      if (credentials !== undefined) this.#state.credentials = new CredentialReader(credentials);
      for (const change of changes) this.#state.apply(change);
      this.#isLoaded ||= changes.length > 0;
      return;
    }
    this.#staged ??= new ReplicaState();
    for (const change of changes) this.#staged.apply(change);
    if (!isLast) return;
    if (credentials !== undefined) this.#staged.credentials = new CredentialReader(credentials);
    this.#state = this.#staged;
    this.#staged = undefined;
    this.#isLoaded = true;
  }
}

class ReplicaState {
  credentials: CredentialReader | undefined;
  readonly byHost = new Map<string, EnvironmentState>();
  readonly #environments = new Map<string, EnvironmentState>();

  apply(change: ThreadChange): void {
    if (change.kind === 'environment-gone') {
      this.#forgetHosts(change.environmentId);
      this.#environments.delete(change.environmentId);
      return;
    }
    // Subscriptions may arrive before the environment's first revision.
    let environment = this.#environments.get(change.environmentId);
    if (environment === undefined) {
      environment = new EnvironmentState(this, change.environmentId);
      this.#environments.set(change.environmentId, environment);
    }
    if (change.kind === 'environment') {
      this.#forgetHosts(change.environmentId);
      environment.setCompiled(change.compiled);
      for (const host of change.compiled.claims) this.byHost.set(host, environment);
    } else if (change.kind === 'weights') {
      environment.liveWeights.set(change.route, change.weights);
    } else if (change.kind === 'subscription') {
      environment.subscriptions.set(change.subscription.id, change.subscription);
    } else {
      environment.tries.set(change.hash, change.credential, change.credential.expiresAt ?? 0, Date.now());
    }
  }

  // Only those that still lead here: a host may have moved to another environment since.
  #forgetHosts(environmentId: string): void {
    const environment = this.#environments.get(environmentId);
    for (const host of environment?.hosts() ?? []) {
      if (this.byHost.get(host) === environment) this.byHost.delete(host);
    }
  }
}

class EnvironmentState implements EnvironmentView {
  readonly liveWeights = new Map<string, WeightsFact>();
  readonly subscriptions = new Map<string, SubscriptionFact>();
  readonly tries = new ShortLived<CredentialFact>();
  readonly #key = newKey();
  #compiled: Compiled | undefined;

  constructor(
    private readonly state: ReplicaState,
    environmentId: string,
  ) {
    setEnvironment(this.#key, environmentId);
  }

  get compiled(): Compiled {
    if (this.#compiled === undefined) throw new Error('an environment without a revision has no host that leads to it');
    return this.#compiled;
  }

  setCompiled(compiled: Compiled): void {
    this.#compiled = compiled;
  }

  hosts(): Iterable<string> {
    return this.#compiled?.claims ?? [];
  }

  credential(key: string): CredentialFact | undefined {
    const found = this.state.credentials?.find(this.#key, key);
    return found ?? (this.tries.isEmpty ? undefined : this.tries.get(hash('sha256', key)));
  }

  subscription(id: string): SubscriptionFact | undefined {
    return this.subscriptions.get(id);
  }

  weights(route: string): WeightsFact | undefined {
    return this.liveWeights.get(route);
  }
}
