// What was found out, kept for a while: the least recently used goes first. Bounded for each tenant, and in all; where
// all are too many, the tenant that holds most gives way, so that one tenant's flood never costs another what it has.
import type { Clock } from '../limits/clock.js';

export interface TenantCacheBounds {
  readonly perTenant: number;
  readonly total: number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly untilMs: number;
}

export class TenantCache<Value> {
  readonly #tenants = new Map<string, Map<string, Entry<Value>>>();
  #size = 0;

  constructor(
    private readonly bounds: TenantCacheBounds,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  get size(): number {
    return this.#size;
  }

  get(tenantId: string, key: string): Value | undefined {
    const entries = this.#tenants.get(tenantId);
    const entry = entries?.get(key);
    if (entries === undefined || entry === undefined) return undefined;
    entries.delete(key);
    if (entry.untilMs <= this.clock.nowMs()) {
      this.#size -= 1;
      if (entries.size === 0) this.#tenants.delete(tenantId);
      return undefined;
    }
    entries.set(key, entry); // now the last in the map's order, which is the order of use
    return entry.value;
  }

  set(tenantId: string, key: string, value: Value, forMs: number): void {
    let entries = this.#tenants.get(tenantId);
    if (entries === undefined) this.#tenants.set(tenantId, (entries = new Map()));
    if (entries.delete(key)) this.#size -= 1;
    if (entries.size >= this.bounds.perTenant) this.#dropOldest(entries, 1);
    entries.set(key, { value, untilMs: this.clock.nowMs() + forMs });
    this.#size += 1;
    if (this.#size > this.bounds.total) this.#relieve();
  }

  /** Forgets a tenant's entries whose keys begin so. */
  drop(tenantId: string, prefix: string): void {
    const entries = this.#tenants.get(tenantId);
    if (entries === undefined) return;
    for (const key of entries.keys()) if (key.startsWith(prefix) && entries.delete(key)) this.#size -= 1;
    if (entries.size === 0) this.#tenants.delete(tenantId);
  }

  // A part of the largest at once, so that looking for it is paid for by many additions.
  #relieve(): void {
    let largest: Map<string, Entry<Value>> | undefined;
    for (const entries of this.#tenants.values())
      if (largest === undefined || entries.size > largest.size) largest = entries;
    if (largest !== undefined) this.#dropOldest(largest, Math.ceil(largest.size / 8));
    for (const [tenantId, entries] of this.#tenants) if (entries.size === 0) this.#tenants.delete(tenantId);
  }

  #dropOldest(entries: Map<string, Entry<Value>>, count: number): void {
    let left = count;
    for (const key of entries.keys()) {
      if (left === 0) break;
      entries.delete(key);
      this.#size -= 1;
      left -= 1;
    }
  }
}
