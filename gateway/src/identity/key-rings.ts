// All keys that tokens are checked with, by tenant and source. Each tenant has its own, even of the same issuer: what
// one tenant's callers make this gateway ask of an issuer never holds another's question back.
import type { KeySource } from '@sluice/engine';
import type { Clock } from '../limits/clock.js';
import type { Fetched } from './keys/fetch-json.js';
import type { FetchedSource, FetchKeySet, KeySet } from './keys/fetch-key-set.js';
import type { KeysFound } from './keys/fetched-keys.js';
import { FetchedKeys, keysOf } from './keys/fetched-keys.js';
import { VerificationKey } from './keys/verification-key.js';
import { TenantCache } from './tenant-cache.js';

/** The keys of one source, whatever it is. */
export type KeyRing = Pick<FetchedKeys, 'find' | 'recheck' | 'fingerprint'>;

export interface KeyRingsOptions {
  readonly fetch: FetchKeySet;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly onFetched: (tenantId: string, source: FetchedSource, fetched: Fetched<KeySet>) => void;
  readonly onChange: (tenantId: string, sourceKey: string) => void;
}

const dayMs = 86_400_000;

export class KeyRings {
  /** Rings that nobody has asked for a day are forgotten, and those of documents that have long been replaced. */
  readonly #rings: TenantCache<KeyRing>;

  constructor(private readonly options: KeyRingsOptions) {
    this.#rings = new TenantCache({ perTenant: 100, total: 5000 }, options.clock);
  }

  /** @param sourceKey of `sourceKeyOf`. */
  get(tenantId: string, sourceKey: string, source: KeySource): KeyRing {
    const ring = this.#rings.get(tenantId, sourceKey) ?? this.#make(tenantId, sourceKey, source);
    this.#rings.set(tenantId, sourceKey, ring, dayMs);
    return ring;
  }

  #make(tenantId: string, sourceKey: string, source: KeySource): KeyRing {
    if (source.from === 'static') return staticRing(source);
    const { fetch, clock, onFetched, onChange } = this.options;
    return new FetchedKeys({
      clock,
      fetch: async () => {
        const fetched = await fetch(tenantId, source);
        onFetched(tenantId, source, fetched);
        return fetched;
      },
      onChange: () => onChange(tenantId, sourceKey),
    });
  }
}

function staticRing(source: Extract<KeySource, { readonly from: 'static' }>): KeyRing {
  const keys = source.keys
    .map((key) =>
      'pem' in key ? VerificationKey.ofPem(key.pem, key.kid) : VerificationKey.ofJwk(key.jwk, key.kid, true),
    )
    .filter((key) => key !== undefined);
  return {
    fingerprint: '',
    find: async (kid) => {
      const named = keysOf({ keys }, kid);
      const found: KeysFound =
        named.length === 0 ? { state: 'kid_unknown' } : { state: 'found', keys: named, fingerprint: '' };
      return Promise.resolve(found);
    },
    recheck: async () => Promise.resolve(),
  };
}
