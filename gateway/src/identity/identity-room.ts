// Answers the threads' questions about tokens and passwords. One for each gateway, so that its threads fetch keys once,
// a token or a right password is checked once for all of them, and a tenant has one budget and one line. It runs on a
// thread of its own: neither traffic nor leases wait for it.
import type { PasswordFact, TokenFact } from '@sluice/engine';
import type { Logger } from '@sluice/runtime';
import type { Clock } from '../limits/clock.js';
import { systemClock } from '../limits/clock.js';
import type { CpuShare } from './cpu-budgets.js';
import { CpuBudgets } from './cpu-budgets.js';
import { FairQueue } from './fair-queue.js';
import type { IdentityCounters } from './identity-counters.js';
import type { FromIdentity, IdentityPort, ToIdentity } from './identity-messages.js';
import { KeyRings } from './key-rings.js';
import type { FetchedSource, FetchKeySet } from './keys/fetch-key-set.js';
import { Once } from './once.js';
import { readPasswordHash } from './password-hash.js';
import { TenantCache } from './tenant-cache.js';
import { TokenMemory } from './token-memory.js';
import { verifyToken } from './verify-tokens.js';

export interface IdentityRoomOptions {
  readonly fetch: FetchKeySet;
  readonly share: CpuShare;
  readonly counters: IdentityCounters;
  readonly logger: Logger;
  /** Default: the machine's. */
  readonly clock?: Pick<Clock, 'nowMs'>;
}

type Asked<Type extends ToIdentity['type']> = Extract<ToIdentity, { readonly type: Type }>;

// For the other threads, which meet the same caller soon or not at all. Each keeps the answer for longer itself.
const keptMs = 60_000;
const tokenFacts = { good: 'tokenGood', bad: 'tokenBad' } as const;
const passwordFacts = { right: 'passwordRight', wrong: 'passwordWrong', busy: 'passwordBusy' } as const;

export class IdentityRoom {
  readonly #ports = new Set<IdentityPort>();
  readonly #rings: KeyRings;
  readonly #budgets: CpuBudgets;
  readonly #tokenQueue: FairQueue;
  readonly #passwordQueue: FairQueue;
  readonly #tokens: TokenMemory;
  readonly #right: TenantCache<PasswordFact>;
  readonly #openTokens = new Once<TokenFact>();
  readonly #openPasswords = new Once<PasswordFact>();
  readonly #counters: IdentityCounters;
  readonly #logger: Logger;

  constructor({ fetch, share, counters, logger, clock = systemClock }: IdentityRoomOptions) {
    this.#counters = counters;
    this.#logger = logger;
    this.#budgets = new CpuBudgets(share, clock);
    this.#tokens = new TokenMemory(keptMs, clock);
    this.#right = new TenantCache({ perTenant: 1000, total: 20_000 }, clock);
    const waits = { mostWaitingMs: 1000, longestWaitMs: 5000, clock };
    this.#tokenQueue = new FairQueue({ ...waits, atOnce: 2, turnMs: 0.5 });
    this.#passwordQueue = new FairQueue({ ...waits, atOnce: 1, turnMs: 20 });
    this.#rings = new KeyRings({
      fetch,
      clock,
      onFetched: (tenantId, source, fetched) => {
        counters.count(fetched.ok ? 'keysFetched' : 'keysFailed');
        if (fetched.ok) return;
        logger.warn({ tenantId, source: addressOf(source), fault: fetched.fault }, "an issuer's keys were not fetched");
      },
      onChange: (tenantId, sourceKey) => {
        this.#tokens.drop(tenantId, sourceKey);
        for (const port of this.#ports) tell(port, { type: 'keys-changed', tenantId, sourceKey });
      },
    });
  }

  /** @param first was asked on this port before. */
  attach(port: IdentityPort, first?: ToIdentity): void {
    this.#ports.add(port);
    port.once('close', () => this.#ports.delete(port));
    if (first !== undefined) this.#asked(port, first);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only our own threads hold the other end
    port.on('message', (received) => this.#asked(port, received as ToIdentity));
  }

  #asked(port: IdentityPort, message: ToIdentity): void {
    const { id } = message;
    if (message.type === 'token') void this.#token(message).then((fact) => tell(port, { type: 'token', id, fact }));
    else void this.#password(message).then((fact) => tell(port, { type: 'password', id, fact }));
  }

  async #token(asked: Asked<'token'>): Promise<TokenFact> {
    const { tenantId, key } = asked;
    const known = this.#tokens.get(tenantId, key);
    if (known !== undefined) {
      this.#counters.count('tokenCached');
      return known;
    }
    return this.#openTokens.run(`${tenantId} ${key}`, async () => this.#verify(asked));
  }

  async #verify({ tenantId, key, sourceKey, question }: Asked<'token'>): Promise<TokenFact> {
    let fact: TokenFact;
    try {
      const parts = { rings: this.#rings, budgets: this.#budgets, queue: this.#tokenQueue };
      const verified = verifyToken(parts, tenantId, sourceKey, question);
      this.#showLength();
      fact = await verified;
    } catch (error) {
      this.#logger.error({ err: error, tenantId }, 'a token could not be checked, by a bug of the gateway');
      fact = { state: 'unavailable', fault: 'keys' };
    }
    this.#showLength();
    this.#tokens.keep(tenantId, key, fact);
    if (fact.state === 'unavailable') this.#counters.count(fact.fault === 'busy' ? 'tokenBusy' : 'tokenUnavailable');
    else this.#counters.count(tokenFacts[fact.state]);
    return fact;
  }

  async #password(asked: Asked<'password'>): Promise<PasswordFact> {
    const { tenantId, key } = asked;
    const known = this.#right.get(tenantId, key);
    if (known !== undefined) {
      this.#counters.count('passwordCached');
      return known;
    }
    return this.#openPasswords.run(`${tenantId} ${key}`, async () => this.#check(asked));
  }

  async #check({ tenantId, key, hash, password }: Asked<'password'>): Promise<PasswordFact> {
    let fact: PasswordFact = 'busy';
    const found = readPasswordHash(hash);
    if (found === undefined) fact = 'wrong';
    else if (this.#budgets.take(tenantId, found.costMs)) {
      const check = async (): Promise<PasswordFact> => ((await found.isOf(password)) ? 'right' : 'wrong');
      try {
        const checked = this.#passwordQueue.run<PasswordFact>(tenantId, found.costMs, check, 'busy');
        this.#showLength();
        fact = await checked;
      } catch (error) {
        this.#logger.error({ err: error, tenantId }, 'a password could not be checked');
      }
    }
    this.#showLength();
    if (fact === 'right') this.#right.set(tenantId, key, fact, keptMs);
    this.#counters.count(passwordFacts[fact]);
    return fact;
  }

  #showLength(): void {
    this.#counters.set('waiting', this.#tokenQueue.length + this.#passwordQueue.length);
  }
}

function addressOf(source: FetchedSource): string {
  return source.from === 'jwks' ? source.url : source.issuer;
}

function tell(port: IdentityPort, message: FromIdentity): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
  port.postMessage(message);
}
