// What a claim's TXT record has to say. It is made for one claim and never used again, so a record that somebody else left, or
// that was set for an earlier claim, proves nothing. It is no secret: it stands in the DNS for everybody to read.
import { randomBytes } from 'node:crypto';
import type { Answer } from './proof-resolver.js';
import type { Look } from './claim-states.js';

const prefix = 'sluice-challenge=';

export function newChallenge(): string {
  return prefix + randomBytes(20).toString('hex');
}

/** Several records may stand at a name: claims of other environments, and what other systems left. */
export function lookAt(answer: Answer, challenge: string): Look {
  if (!answer.isAnswered) return { found: false, problem: 'unanswered' };
  const values = answer.values.map(plain);
  if (values.includes(challenge)) return { found: true, isHeld: false };
  return { found: false, problem: values.some((value) => value.startsWith(prefix)) ? 'different' : 'missing' };
}

// Forms of providers keep the quotes and spaces that people copied along.
function plain(value: string): string {
  return value.replaceAll(/^[\s"']+|[\s"']+$/g, '').toLowerCase();
}
