// What the gateway can find out about who calls, for decisions that ask (`Need`), and what it says about it to upstreams.
// What is known already is answered at once, out of memory; the rest takes other threads or the network, and is charged
// to its tenant before it is done.
import type {
  Account,
  ForwardAuthCall,
  ForwardAuthFact,
  Identity,
  PasswordFact,
  TokenFact,
  TokenQuestion,
} from '@sluice/engine';

export interface IdentityChecks {
  knownToken(tenantId: string, question: TokenQuestion): TokenFact | undefined;
  knownPassword(tenantId: string, hash: string, password: string): PasswordFact | undefined;
  knownForwardAuth(tenantId: string, call: ForwardAuthCall): ForwardAuthFact | undefined;
  /** Never rejects: what cannot be found out is a fact too. The same for the two below. */
  checkToken(tenantId: string, question: TokenQuestion): Promise<TokenFact>;
  checkPassword(tenantId: string, hash: string, password: string): Promise<PasswordFact>;
  askForwardAuth(tenantId: string, call: ForwardAuthCall): Promise<ForwardAuthFact>;
  /** The arm that a signed `X-Sluice-Arm` names for this route of this environment; undefined: it is not to be believed. */
  signedArm(environmentId: string, value: string, route: string): string | undefined;
  /** The gateway's signed word for `identityHeader`: that the request came through it, where to, and who calls. */
  identityToken(subject: IdentityTokenSubject): string;
}

/** In lower case. Whatever a client sends under this name never reaches an upstream. */
export const identityHeader = 'x-sluice-identity';

export interface IdentityTokenSubject {
  readonly tenantId: string;
  readonly environmentId: string;
  readonly account: Account;
  /** Undefined: nobody was asked. */
  readonly identity: Identity | undefined;
}
