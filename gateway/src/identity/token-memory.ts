// What is known of tokens, by `sourceKeyOf` and the token's SHA-256. Good ones and bad ones lie apart, so that invented
// tokens push no good one out.
import type { TokenFact } from '@sluice/engine';
import type { Clock } from '../limits/clock.js';
import { TenantCache } from './tenant-cache.js';

const badForMs = 10_000;

export class TokenMemory {
  readonly #good: TenantCache<TokenFact>;
  readonly #bad: TenantCache<TokenFact>;

  constructor(
    private readonly goodForMs: number,
    clock: Pick<Clock, 'nowMs'>,
  ) {
    this.#good = new TenantCache({ perTenant: 10_000, total: 100_000 }, clock);
    this.#bad = new TenantCache({ perTenant: 1000, total: 20_000 }, clock);
  }

  get(tenantId: string, key: string): TokenFact | undefined {
    return this.#good.get(tenantId, key) ?? this.#bad.get(tenantId, key);
  }

  /** What could not be found out is not kept. */
  keep(tenantId: string, key: string, fact: TokenFact): void {
    if (fact.state === 'good') this.#good.set(tenantId, key, fact, this.goodForMs);
    else if (fact.state === 'bad') this.#bad.set(tenantId, key, fact, badForMs);
  }

  /** The keys of this source have changed. */
  drop(tenantId: string, sourceKey: string): void {
    this.#good.drop(tenantId, sourceKey);
    this.#bad.drop(tenantId, sourceKey);
  }
}
