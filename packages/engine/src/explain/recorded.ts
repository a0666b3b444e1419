// Reasons of a record in words. Records outlive versions: a reason whose code this version does not know has no sentence.
import type { Reason } from '../reasons.js';
import { sentenceOf } from './sentences.js';
import { isReasonCode } from './for-consumers.js';

/** For members. @param reason As it was recorded: a code, and whatever its version said beside it. */
export function recordedSentenceOf(reason: Readonly<Record<string, unknown>>): string | undefined {
  const { code } = reason;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a code keeps its fields for as long as records are kept
  return typeof code === 'string' && isReasonCode(code) ? sentenceOf(reason as Reason) : undefined;
}
