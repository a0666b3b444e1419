// The keys of one issuer, as this gateway knows them. They are fetched when they are first asked for, and again in the
// background before they are old, so that a change of keys costs no request anything. When they cannot be fetched, those
// that are known go on, for a day at most. A `kid` that is not among them asks once more - one fetch at a time, with a
// pause between such fetches, so that invented ones cannot be turned into a flood of fetches.
import type { Clock } from '../../limits/clock.js';
import type { Fetched } from './fetch-json.js';
import type { KeySet } from './fetch-key-set.js';
import type { VerificationKey } from './verification-key.js';

export type KeysFound =
  | { readonly state: 'found'; readonly keys: readonly VerificationKey[]; readonly fingerprint: string }
  | { readonly state: 'kid_unknown' }
  | { readonly state: 'unavailable' };

export interface FetchedKeysOptions {
  /** Never rejects. */
  readonly fetch: () => Promise<Fetched<KeySet>>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Other keys than before: what was found out with the old ones is void. */
  readonly onChange: () => void;
}

const minuteMs = 60_000;
/** Without a max-age of the issuer's; with one, between a minute and 15. */
const refreshMs = 5 * minuteMs;
/** Keys older than twice that are not used without having asked again, unless the issuer cannot be reached. */
const freshFactor = 2;
const longestStaleMs = 24 * 60 * minuteMs;
/** Between two fetches for keys that are missing. */
const missPauseMs = 5000;
/** The same for tokens that name no `kid` and whose signature fits none of the keys. */
const mismatchPauseMs = minuteMs;

export class FetchedKeys {
  #set: KeySet | undefined;
  #fetchedAtMs = 0;
  #refreshMs = refreshMs;
  #underWay: Promise<void> | undefined;
  #failures = 0;
  #retryAtMs = 0;
  #missPauseUntilMs = 0;
  #mismatchPauseUntilMs = 0;

  constructor(private readonly options: FetchedKeysOptions) {}

  get fingerprint(): string {
    return this.#set?.fingerprint ?? '';
  }

  /** Keys that may have signed a token with this `kid`. Waits for a fetch only where there is no other way. */
  async find(kid: string | undefined): Promise<KeysFound> {
    await this.#freshen();
    if (this.#set === undefined || this.#ageMs() > longestStaleMs) return { state: 'unavailable' };
    let keys = keysOf(this.#set, kid);
    // A fetch that is under way may have been answered before the key was there: then one more.
    for (let round = 0; round < 2 && keys.length === 0 && (await this.#askAgain()); round += 1)
      keys = keysOf(this.#set, kid);
    return keys.length === 0 ? { state: 'kid_unknown' } : { state: 'found', keys, fingerprint: this.fingerprint };
  }

  /** After a signature that fits none of the keys of an issuer that gives them no `kid`: resolves when it was asked again. */
  async recheck(): Promise<void> {
    if (this.#underWay === undefined) {
      const nowMs = this.options.clock.nowMs();
      if (nowMs < this.#mismatchPauseUntilMs || nowMs - this.#fetchedAtMs < missPauseMs) return;
      this.#mismatchPauseUntilMs = nowMs + mismatchPauseMs;
    }
    await this.#fetch();
  }

  async #freshen(): Promise<void> {
    const ageMs = this.#set === undefined ? Infinity : this.#ageMs();
    if (ageMs < this.#refreshMs) return;
    const isFailing = this.#failures > 0;
    if (isFailing && this.#underWay === undefined && this.options.clock.nowMs() < this.#retryAtMs) return;
    const fetched = this.#fetch();
    // While the issuer fails, nobody waits for it who can do with what is known.
    const canGoOn = this.#set !== undefined && (isFailing || ageMs < this.#refreshMs * freshFactor);
    if (!canGoOn) await fetched;
  }

  async #askAgain(): Promise<boolean> {
    if (this.#underWay === undefined) {
      const nowMs = this.options.clock.nowMs();
      if (nowMs < this.#missPauseUntilMs || (this.#failures > 0 && nowMs < this.#retryAtMs)) return false;
      this.#missPauseUntilMs = nowMs + missPauseMs;
    }
    await this.#fetch();
    return true;
  }

  async #fetch(): Promise<void> {
    this.#underWay ??= this.#fetchNow().finally(() => (this.#underWay = undefined));
    return this.#underWay;
  }

  async #fetchNow(): Promise<void> {
    const fetched = await this.options.fetch();
    const nowMs = this.options.clock.nowMs();
    if (!fetched.ok) {
      this.#retryAtMs = nowMs + Math.min(minuteMs, 1000 * 2 ** this.#failures);
      this.#failures += 1;
      return;
    }
    const isChanged = this.#set !== undefined && this.#set.fingerprint !== fetched.value.fingerprint;
    this.#failures = 0;
    this.#fetchedAtMs = nowMs;
    this.#refreshMs = Math.min(15 * minuteMs, Math.max(minuteMs, fetched.maxAgeMs ?? refreshMs));
    this.#set = fetched.value;
    if (isChanged) this.options.onChange();
  }

  #ageMs(): number {
    return this.options.clock.nowMs() - this.#fetchedAtMs;
  }
}

/** The key of that name; else those without a name, any of which it may be. */
export function keysOf({ keys }: Pick<KeySet, 'keys'>, kid: string | undefined): readonly VerificationKey[] {
  if (kid === undefined) return keys;
  const named = keys.filter((key) => key.kid === kid);
  return named.length > 0 ? named : keys.filter((key) => key.kid === undefined);
}
