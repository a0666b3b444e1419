import { problems } from '@sluice/contracts';
import type { RequestEntry } from '@sluice/contracts';
import { sentenceOf } from './sentences';

/** What was decided, in one sentence. */
export function verdictOf(request: RequestEntry): string {
  const stopped = request.reasons.map(sentenceOf).find((sentence) => sentence.isPassing === false);
  if (stopped !== undefined) return stopped.text;
  if (request.code in problems) return `${problems[request.code as keyof typeof problems].title}.`;
  if (request.status === 499) return 'The caller went away before the answer.';
  if (request.upstream === '') return 'The gateway answered it itself.';
  return `${request.upstream} answered ${request.status}${request.arm === '' ? '' : ` (arm ${request.arm})`}.`;
}
