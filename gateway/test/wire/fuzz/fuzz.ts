// Rounds of it, each by its number: the same number is the same bytes.
import { generate } from './generate.js';
import type { Direction } from './generate.js';
import type { Classes } from './compare.js';
import { disagreement } from './compare.js';
import { Random } from './random.js';
import { learnMethods, readByLlhttp } from './read-llhttp.js';
import { readByOurs } from './read-ours.js';

export interface Fuzzed {
  /** Messages that both took whole. */
  readonly agreed: number;
  readonly classes: Classes;
  readonly disagreements: readonly string[];
}

const mostDisagreements = 10;

learnMethods(
  'GET HEAD POST PUT PATCH DELETE OPTIONS QUERY COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK BIND REBIND UNBIND ACL REPORT MKACTIVITY CHECKOUT MERGE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE PURGE MKCALENDAR LINK UNLINK TRACE CONNECT SOURCE'.split(
    ' ',
  ),
);

export function fuzz(direction: Direction, from: number, rounds: number): Fuzzed {
  const classes: Classes = new Map();
  const disagreements: string[] = [];
  let agreed = 0;
  for (let round = from; round < from + rounds && disagreements.length < mostDisagreements; round += 1) {
    const random = new Random(round);
    const { pieces, text } = generate(random, direction);
    const method = random.once(8) ? 'HEAD' : 'GET';
    const ours = readByOurs(direction, pieces, method);
    const found =
      disagreement(ours, readByLlhttp(direction, pieces, method), classes) ??
      cutDifference(direction, ours, text, method);
    if (found !== undefined) disagreements.push(`${direction} ${round}: ${found}: ${JSON.stringify(text)}`);
    for (const message of ours.messages) if (message.isWhole) agreed += 1;
  }
  return { agreed, classes, disagreements };
}

// Where bytes are cut must make no difference.
function cutDifference(direction: Direction, ours: unknown, text: string, method: string): string | undefined {
  const whole = readByOurs(direction, [Buffer.from(text, 'latin1')], method);
  return JSON.stringify(whole) === JSON.stringify(ours) ? undefined : 'read otherwise when it is cut';
}
