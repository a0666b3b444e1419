// What a decision may read when no request was sent: what Postgres knows, budgets that were read, and assumptions. What is
// not at hand is noted as wanted; whoever asks fetches it and decides again. Assumptions are noted as undecidable.
import { createHash } from 'node:crypto';
import type { ExplainBody, Undecidable } from '@sluice/contracts';
import type {
  CredentialFact,
  Facts,
  ForwardAuthFact,
  LimitLeft,
  LimitRef,
  LimitRefusal,
  PasswordFact,
  SubscriptionFact,
  TokenFact,
  TokenQuestion,
  WeightsFact,
} from '@sluice/engine';

/** Stands for the key of the assumed credential. No client can send it: keys of ours begin otherwise, and no other is this. */
export const assumedKey = 'assumed-by-explain';

/** `left` undefined: not known. */
export interface Budget {
  readonly limit: LimitRef;
  readonly cost: number;
  readonly left: LimitLeft | undefined;
}

export interface Found {
  readonly credentials: ReadonlyMap<string, CredentialFact>;
  readonly subscriptions: ReadonlyMap<string, SubscriptionFact>;
}

export class ExplainFacts implements Facts {
  /** By limit key, of all rounds. */
  readonly budgets = new Map<string, Budget>();
  #wantedHashes = new Set<string>();
  #wantedSubscriptions = new Set<string>();
  #undecidable = new Map<Undecidable['what'], string>();
  readonly #credentials = new Map<string, CredentialFact | undefined>();
  readonly #subscriptions = new Map<string, SubscriptionFact | undefined>();

  constructor(
    private readonly liveWeights: ReadonlyMap<string, WeightsFact>,
    private readonly assumed: {
      readonly credential: CredentialFact | undefined;
      readonly hasClaims: boolean;
      readonly forwardAuth: ExplainBody['forwardAuth'];
    },
  ) {}

  /** Of the next round: what earlier ones wanted and assumed counts no more. */
  beginRound(): void {
    this.#wantedHashes = new Set();
    this.#wantedSubscriptions = new Set();
    this.#undecidable = new Map();
  }

  get wanted(): { hashes: string[]; subscriptions: string[] } {
    return { hashes: [...this.#wantedHashes], subscriptions: [...this.#wantedSubscriptions] };
  }

  get undecidable(): Undecidable[] {
    return Array.from(this.#undecidable, ([what, sentence]) => ({ what, sentence }));
  }

  /** What was wanted and is not among `found` does not exist. */
  take({ credentials, subscriptions }: Found): void {
    for (const hash of this.#wantedHashes) this.#credentials.set(hash, credentials.get(hash));
    for (const id of this.#wantedSubscriptions) this.#subscriptions.set(id, subscriptions.get(id));
  }

  assume(what: Undecidable['what'], sentence: string): void {
    this.#undecidable.set(what, sentence);
  }

  readonly credential = (key: string): CredentialFact | undefined => {
    if (key === assumedKey) return this.assumed.credential;
    const hash = createHash('sha256').update(key).digest('hex');
    if (!this.#credentials.has(hash)) this.#wantedHashes.add(hash);
    return this.#credentials.get(hash);
  };

  readonly subscription = (id: string): SubscriptionFact | undefined => {
    if (!this.#subscriptions.has(id)) this.#wantedSubscriptions.add(id);
    return this.#subscriptions.get(id);
  };

  readonly weights = (route: string): WeightsFact | undefined => this.liveWeights.get(route);

  readonly isHealthy = (): boolean => {
    this.assume('health', 'Every arm is taken to have a healthy target: only gateways know which have.');
    return true;
  };

  readonly budget = (limit: LimitRef): number | undefined => {
    const budget = this.budgets.get(limit.key);
    if (budget === undefined) return undefined;
    if (budget.left !== undefined) return budget.left.left;
    this.assume('budget', 'What is left of the limits is not known at present: they are taken to have room.');
    return Math.max(limit.units, budget.cost);
  };

  readonly refusal = (key: string): LimitRefusal | undefined => {
    const budget = this.budgets.get(key);
    if (budget?.left === undefined || budget.left.left >= budget.cost) return undefined;
    return { state: 'exhausted', resetMs: budget.left.resetMs };
  };

  readonly token = ({ token }: TokenQuestion): TokenFact => {
    if (!(this.assumed.hasClaims && token.endsWith(assumedSignature)))
      this.assume('signature', "The token's signature is taken for good: it was not checked.");
    return { state: 'good' };
  };

  readonly password = (): PasswordFact => {
    this.assume('password', 'The password is taken for right: it was not checked.');
    return 'right';
  };

  readonly forwardAuth = (): ForwardAuthFact => {
    const { forwardAuth } = this.assumed;
    if (forwardAuth === undefined)
      this.assume(
        'authentication_service',
        'The authentication service is taken to let the request pass without headers: it was not asked.',
      );
    const { status, headers } = forwardAuth ?? { status: 200, headers: {} };
    const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    return { state: 'answered', status, headers: pairs, body: '' };
  };

  readonly signedArm = (): undefined => {
    this.assume('signed_arm', 'The signed demand for an arm was not checked, and is left out of account.');
    return undefined;
  };
}

// Of the text `assumed`, in base64url, as the engine signs what nobody has signed.
const assumedSignature = '.YXNzdW1lZA';
