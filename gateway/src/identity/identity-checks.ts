// What the gateway can find out about who calls, for decisions that ask (`Need`). What is known already is answered at
// once, out of memory; the rest takes other threads or the network, and is charged to its tenant before it is done.
import type { ForwardAuthCall, ForwardAuthFact, PasswordFact, TokenFact, TokenQuestion } from '@sluice/engine';

export interface IdentityChecks {
  knownToken(tenantId: string, question: TokenQuestion): TokenFact | undefined;
  knownPassword(tenantId: string, hash: string, password: string): PasswordFact | undefined;
  knownForwardAuth(tenantId: string, call: ForwardAuthCall): ForwardAuthFact | undefined;
  /** Never rejects: what cannot be found out is a fact too. The same for the two below. */
  checkToken(tenantId: string, question: TokenQuestion): Promise<TokenFact>;
  checkPassword(tenantId: string, hash: string, password: string): Promise<PasswordFact>;
  askForwardAuth(tenantId: string, call: ForwardAuthCall): Promise<ForwardAuthFact>;
}
