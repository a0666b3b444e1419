// What one request's decision may read: the environment's tables, this gateway's budgets, and what was found out for this
// request so far. It grows with each answer to a `Need`, and `decide` is called again.
import type {
  Charge,
  CredentialFact,
  Facts,
  ForwardAuthCall,
  ForwardAuthFact,
  LimitRef,
  LimitRefusal,
  PasswordFact,
  SubscriptionFact,
  TokenFact,
  TokenQuestion,
  WeightsFact,
} from '@sluice/engine';
import { sourceKeyOf } from '../identity/source-key.js';
import type { IdentityChecks } from '../identity/identity-checks.js';
import type { Budgets } from '../limits/index.js';
import type { EnvironmentView } from '../snapshot/replica.js';
import type { Upstreams } from '../upstream/upstream.js';

export class RequestFacts implements Facts {
  readonly #environment: EnvironmentView;
  readonly #budgets: Budgets;
  readonly #identity: IdentityChecks;
  readonly #upstreams: Upstreams;
  /** By limit key, or by what was asked. Made when the first answer comes: most requests need none. */
  #refusals: Map<string, LimitRefusal> | undefined;
  #taken: Map<string, number> | undefined;
  #tokens: Map<string, TokenFact> | undefined;
  #passwords: Map<string, PasswordFact> | undefined;
  #forwardAuths: Map<string, ForwardAuthFact> | undefined;

  constructor(environment: EnvironmentView, budgets: Budgets, identity: IdentityChecks, upstreams: Upstreams) {
    this.#environment = environment;
    this.#budgets = budgets;
    this.#identity = identity;
    this.#upstreams = upstreams;
  }

  credential(key: string): CredentialFact | undefined {
    return this.#environment.credential(key);
  }

  subscription(id: string): SubscriptionFact | undefined {
    return this.#environment.subscription(id);
  }

  weights(route: string): WeightsFact | undefined {
    return this.#environment.weights(route);
  }

  isHealthy(upstream: string): boolean {
    const { environmentId, upstreams } = this.#environment.compiled;
    const spec = upstreams.get(upstream);
    return spec !== undefined && this.#upstreams.isHealthy(environmentId, upstream, spec);
  }

  budget(limit: LimitRef): number | undefined {
    const taken = this.#taken?.get(limit.key);
    const free = this.#budgets.peek(limit);
    return taken === undefined ? free : taken + (free ?? 0);
  }

  refusal(key: string): LimitRefusal | undefined {
    return this.#refusals?.get(key);
  }

  signedArm(value: string, route: string): string | undefined {
    return this.#identity.signedArm(this.#environment.compiled.environmentId, value, route);
  }

  token(question: TokenQuestion): TokenFact | undefined {
    return this.#tokens?.get(tokenKey(question)) ?? this.#identity.knownToken(this.#tenantId, question);
  }

  password(hash: string, password: string): PasswordFact | undefined {
    return this.#passwords?.get(`${hash}\n${password}`) ?? this.#identity.knownPassword(this.#tenantId, hash, password);
  }

  forwardAuth(call: ForwardAuthCall): ForwardAuthFact | undefined {
    return this.#forwardAuths?.get(JSON.stringify(call)) ?? this.#identity.knownForwardAuth(this.#tenantId, call);
  }

  /** Units that this request has: there is room for it, whatever is left for others. */
  take({ limit, cost }: Charge): void {
    this.#taken ??= new Map();
    this.#taken.set(limit.key, (this.#taken.get(limit.key) ?? 0) + cost);
  }

  refuse(key: string, refusal: LimitRefusal): void {
    this.#refusals ??= new Map();
    this.#refusals.set(key, refusal);
  }

  async findToken(question: TokenQuestion): Promise<void> {
    const fact = await this.#identity.checkToken(this.#tenantId, question);
    (this.#tokens ??= new Map()).set(tokenKey(question), fact);
  }

  async findPassword(hash: string, password: string): Promise<void> {
    const fact = await this.#identity.checkPassword(this.#tenantId, hash, password);
    (this.#passwords ??= new Map()).set(`${hash}\n${password}`, fact);
  }

  async findForwardAuth(call: ForwardAuthCall): Promise<void> {
    const fact = await this.#identity.askForwardAuth(this.#tenantId, call);
    (this.#forwardAuths ??= new Map()).set(JSON.stringify(call), fact);
  }

  get #tenantId(): string {
    return this.#environment.compiled.tenantId;
  }
}

// Two issuers may be asked about one token, each with an answer of its own.
function tokenKey({ keys, token }: TokenQuestion): string {
  return sourceKeyOf(keys) + token;
}
