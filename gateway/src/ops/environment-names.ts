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
      if (change.kind === 'environment-gone') this.#names.delete(change.environmentId);
      if (change.kind === 'environment') this.#set(change.environmentId, change.compiled);
    }
  }

  // Two environments of one name would be two time series of one name, and Prometheus would refuse the whole scrape: the
  // former one has been deleted, and word of it is still on its way.
  #set(id: string, { tenantSlug, environmentName, revision }: Compiled): void {
    const key = `${tenantSlug} ${environmentName}`;
    const former = this.#ids.get(key);
    if (former !== undefined && former !== id) this.#names.delete(former);
    this.#ids.set(key, id);
    this.#names.set(id, { tenant: tenantSlug, environment: environmentName, revision });
  }
}
