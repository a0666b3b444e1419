// What is wrong with a token, for its three readers: the record, the client's program, and the person who reads `detail`.
import type { ProblemCode } from '@sluice/contracts';
import type { TokenReason } from '../../reasons.js';

export interface TokenFault {
  readonly reason: TokenReason;
  readonly code: ProblemCode;
  /** Public text. */
  readonly detail: string;
  /** Not the caller's fault: it may come again after so many seconds. */
  readonly retryAfterS?: number;
}

export function fault(reason: TokenReason, code: ProblemCode, detail: string): TokenFault {
  return { reason, code, detail };
}

export function malformed(detail: string): TokenFault {
  return { reason: { code: 'token_malformed' }, code: 'token_malformed', detail };
}
