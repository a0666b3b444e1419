// What environments are called, by their ids: threads count by id, and people read names.
import type { Compiled } from '@sluice/engine';
import type { ThreadChange } from '../snapshot/thread-message.js';
import type { EnvironmentName } from './named-environments.js';

export class EnvironmentNames {
  #names = new Map<string, EnvironmentName>();
  /** Ids by names. */
  #ids = new Map<string, string>();

  get(environmentId: string): EnvironmentName | undefined {
    return this.#names.get(environmentId);
  }

  /** @param isWhole what is not named is gone. */
  apply(changes: readonly ThreadChange[], isWhole: boolean): void {
    if (isWhole) {
      this.#names = new Map();
      this.#ids = new Map();
    }
    for (const change of changes) {
      if (change.kind === 'environment-gone') this.#forget(change.environmentId);
      if (change.kind === 'environment') this.#set(change.environmentId, change.compiled);
    }
  }

  // Two environments of one name would be two time series of one name, and Prometheus would refuse the whole scrape: the
  // former one has been deleted, and word of it is still on its way.
  #set(id: string, { tenantSlug, environmentName, revision }: Compiled): void {
    this.#forget(id); // it may have been called otherwise
    const name = { tenant: tenantSlug, environment: environmentName, revision };
    const former = this.#ids.get(keyOf(name));
    if (former !== undefined) this.#names.delete(former);
    this.#ids.set(keyOf(name), id);
    this.#names.set(id, name);
  }

  #forget(id: string): void {
    const name = this.#names.get(id);
    if (name === undefined) return;
    this.#names.delete(id);
    this.#ids.delete(keyOf(name));
  }
}

function keyOf({ tenant, environment }: EnvironmentName): string {
  return `${tenant} ${environment}`;
}
