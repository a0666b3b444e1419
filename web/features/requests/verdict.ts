import { problems } from '@sluice/contracts';
import type { RequestEntry } from '@sluice/contracts';
import { viewsOf } from './reason-view';

/** The gateway refused it: it answered with a problem, and no arm was chosen. */
export function isRefused({ code, arm }: Pick<RequestEntry, 'code' | 'arm'>): boolean {
  return code !== '' && arm === '';
}

/** What was decided, in one sentence. */
export function verdictOf(request: RequestEntry): string {
  const stopped = viewsOf(request.reasons, isRefused(request)).find(({ mark }) => mark === 'stopped');
  if (stopped !== undefined) return stopped.text;
  if (request.code in problems) return `${problems[request.code as keyof typeof problems].title}.`;
  if (request.status === 499) return 'The caller went away before the answer.';
  if (request.upstream === '') return 'The gateway answered it itself.';
  return `${request.upstream} answered ${request.status}${request.arm === '' ? '' : ` (arm ${request.arm})`}.`;
}
