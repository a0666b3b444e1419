// A decision in words: in full for members of the tenant, redacted for consumers of its APIs.
import type { Decision } from '../decision.js';
import type { ReasonCode } from '../reasons.js';
import { sentenceOf } from './sentences.js';
import { consumerSentenceOf } from './for-consumers.js';

export type Audience = 'member' | 'consumer';

export interface Explanation {
  /** What came of it, as one sentence. */
  readonly outcome: string;
  /** In the order in which they were found. */
  readonly reasons: readonly { readonly code: ReasonCode; readonly sentence: string }[];
}

/** Says of a decision only what the audience may know. What it returns holds no other part of the decision. */
export function explain(decision: Decision, audience: Audience): Explanation {
  const inWords = audience === 'member' ? sentenceOf : consumerSentenceOf;
  return {
    outcome: outcomeOf(decision, audience),
    reasons: decision.reasons.flatMap((reason) => {
      const sentence = inWords(reason);
      return sentence === undefined ? [] : [{ code: reason.code, sentence }];
    }),
  };
}

function outcomeOf(decision: Decision, audience: Audience): string {
  if (decision.kind === 'forward') {
    if (audience === 'consumer') return 'The request goes on to the API.';
    const { arm, upstream } = decision.account;
    return `The request goes on to the upstream ${upstream} as ${decision.path}${decision.query}, by the arm ${arm}.`;
  }
  const { status, code, detail } = decision;
  // A problem's detail is public text: the caller reads it too.
  return code === null
    ? `The gateway answers the request itself, with ${status}.`
    : `The request is refused with ${status} ${code}: ${detail}`;
}
