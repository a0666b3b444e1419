// What good tokens say, kept so that a caller's next request parses nothing: 1 µs in the place of 16 for a token of 838
// bytes. It is a function of the text alone, so what is kept never differs from what would be read; whether it is believed
// is asked each time. Tokens whose signature did not hold are not kept, so that invented ones push no good one out.
import type { SigningAlgorithm } from '../../questions.js';
import type { Claims } from './claims.js';

export interface ParsedToken {
  readonly algorithm: SigningAlgorithm;
  readonly kid: string | undefined;
  readonly claims: Claims;
}

// Two generations, of which the older is forgotten when the younger is full. A few MB a thread; 40 where an issuer makes tokens
// to be large once parsed, of empty lists say.
const mostInGeneration = 512;
const longestKept = 3072;

let young = new Map<string, ParsedToken>();
let old = new Map<string, ParsedToken>();

export function parsedToken(token: string): ParsedToken | undefined {
  const parsed = young.get(token);
  if (parsed !== undefined) return parsed;
  const before = old.get(token);
  if (before !== undefined) keep(token, before);
  return before;
}

export function keepParsed(token: string, parsed: ParsedToken): void {
  // A copy: the text that came may be a slice that holds a whole head of a request.
  if (token.length <= longestKept && !young.has(token)) keep(Buffer.from(token, 'latin1').toString('latin1'), parsed);
}

function keep(token: string, parsed: ParsedToken): void {
  if (young.size >= mostInGeneration) {
    old = young;
    young = new Map();
  }
  young.set(token, parsed);
}
