// What one request's decision may read: the environment's tables, this gateway's budgets, and what was found out for this
// request so far. It grows with each answer to a `Need`, and `decide` is called again.
import type {
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

export class RequestFacts implements Facts {
  readonly #environment: EnvironmentView;
  readonly #budgets: Budgets;
  readonly #identity: IdentityChecks;
  readonly #isHealthy: (upstream: string) => boolean;
  /** By limit key, or by the question that was asked. Made when the first answer comes: most requests need none. */
  #refusals: Map<string, LimitRefusal> | undefined;
  #answers: Map<string, unknown> | undefined;

  constructor(
    environment: EnvironmentView,
    budgets: Budgets,
    identity: IdentityChecks,
    isHealthy: (upstream: string) => boolean,
  ) {
    this.#environment = environment;
    this.#budgets = budgets;
    this.#identity = identity;
    this.#isHealthy = isHealthy;
  }

  readonly credential = (key: string): CredentialFact | undefined => this.#environment.credential(key);
  readonly subscription = (id: string): SubscriptionFact | undefined => this.#environment.subscription(id);
  readonly weights = (route: string): WeightsFact | undefined => this.#environment.weights(route);
  readonly isHealthy = (upstream: string): boolean => this.#isHealthy(upstream);
  readonly budget = (limit: LimitRef): number | undefined => this.#budgets.peek(limit);
  readonly refusal = (key: string): LimitRefusal | undefined => this.#refusals?.get(key);
  readonly signedArm = (value: string, route: string): string | undefined =>
    this.#identity.signedArm(this.#environment.compiled.environmentId, value, route);

  readonly token = (question: TokenQuestion): TokenFact | undefined =>
    this.#answered<TokenFact>(tokenKey(question)) ?? this.#identity.knownToken(this.#tenantId, question);

  readonly password = (hash: string, password: string): PasswordFact | undefined =>
    this.#answered<PasswordFact>(`${hash}\n${password}`) ??
    this.#identity.knownPassword(this.#tenantId, hash, password);

  readonly forwardAuth = (call: ForwardAuthCall): ForwardAuthFact | undefined =>
    this.#answered<ForwardAuthFact>(JSON.stringify(call)) ?? this.#identity.knownForwardAuth(this.#tenantId, call);

  refuse(key: string, refusal: LimitRefusal): void {
    this.#refusals ??= new Map();
    this.#refusals.set(key, refusal);
  }

  async findToken(question: TokenQuestion): Promise<void> {
    this.#keep(tokenKey(question), await this.#identity.checkToken(this.#tenantId, question));
  }

  async findPassword(hash: string, password: string): Promise<void> {
    this.#keep(`${hash}\n${password}`, await this.#identity.checkPassword(this.#tenantId, hash, password));
  }

  async findForwardAuth(call: ForwardAuthCall): Promise<void> {
    this.#keep(JSON.stringify(call), await this.#identity.askForwardAuth(this.#tenantId, call));
  }

  get #tenantId(): string {
    return this.#environment.compiled.tenantId;
  }

  #answered<Fact>(question: string): Fact | undefined {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each kind of question has texts of its own
    return this.#answers?.get(question) as Fact | undefined;
  }

  #keep(question: string, fact: unknown): void {
    this.#answers ??= new Map();
    this.#answers.set(question, fact);
  }
}

// Two issuers may be asked about one token, each with an answer of its own.
function tokenKey({ keys, token }: TokenQuestion): string {
  return sourceKeyOf(keys) + token;
}
