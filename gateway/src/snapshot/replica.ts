// What one worker thread enforces. A message is applied within one turn of the event loop, so no request ever sees half
// of it.
import { hash } from 'node:crypto';
import type { Compiled, CredentialFact, SubscriptionFact, WeightsFact } from '@sluice/engine';
import { findByHost } from '@sluice/engine';
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

  apply({ mode, isLast, changes }: ToThread): void {
    if (mode === 'now') {
      for (const change of changes) this.#state.apply(change);
      this.#isLoaded = true;
      return;
    }
    this.#staged ??= new ReplicaState();
    for (const change of changes) this.#staged.apply(change);
    if (!isLast) return;
    this.#state = this.#staged;
    this.#staged = undefined;
    this.#isLoaded = true;
  }
}

class ReplicaState {
  readonly byHost = new Map<string, EnvironmentState>();
  readonly #environments = new Map<string, EnvironmentState>();

  apply(change: ThreadChange): void {
    if (change.kind === 'environment-gone') {
      this.#forgetHosts(change.environmentId);
      this.#environments.delete(change.environmentId);
      return;
    }
    // Credentials and subscriptions may arrive before the environment's first revision.
    let environment = this.#environments.get(change.environmentId);
    if (environment === undefined) {
      environment = new EnvironmentState();
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
    } else if (change.isTry) {
      environment.tries.set(change.hash, change.credential, change.credential.expiresAt ?? 0, Date.now());
    } else {
      environment.addCredential(change.hash, change.credential);
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
  readonly #credentials = new Map<string, CredentialFact>();
  #compiled: Compiled | undefined;

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

  // There are many more of them than of anything else: the subscription's own copy of its name, and most without the rest.
  addCredential(hashed: string, { id, subscriptionId, isRevoked, expiresAt, scopes }: CredentialFact): void {
    const known = this.subscriptions.get(subscriptionId)?.id ?? subscriptionId;
    const plain = { id, subscriptionId: known, isRevoked };
    const isPlain = expiresAt === undefined && scopes === undefined;
    this.#credentials.set(hashed, isPlain ? plain : { ...plain, expiresAt, scopes });
  }

  credential(key: string): CredentialFact | undefined {
    const hashed = hash('sha256', key);
    return this.#credentials.get(hashed) ?? this.tries.get(hashed);
  }

  subscription(id: string): SubscriptionFact | undefined {
    return this.subscriptions.get(id);
  }

  weights(route: string): WeightsFact | undefined {
    return this.liveWeights.get(route);
  }
}
