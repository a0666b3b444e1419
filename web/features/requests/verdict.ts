import { problems } from '@sluice/contracts';
import type { RequestEntry } from '@sluice/contracts';
import { viewsOf } from './reason-view';

/** The gateway refused it: it answered with a problem, and no arm was chosen. */
export function isRefused({ code, arm }: Pick<RequestEntry, 'code' | 'arm'>): boolean {
  return code !== '' && arm === '';
}

/**
 * It had lasted 10 s when it was recorded, and no end has come since: it goes on, or its gateway was killed. What it says of
 * status, duration and bytes is of that moment.
 */
export function isUnderWay({ phase }: Pick<RequestEntry, 'phase'>): boolean {
  return phase === 'begin';
}

/** What was decided, in one sentence. */
export function verdictOf(request: RequestEntry): string {
  const views = viewsOf(request.reasons, isRefused(request));
  const stopped = views.find(({ mark }) => mark === 'stopped');
  const cut = views.find(({ code }) => code === 'connection_cut');
  if (stopped !== undefined) return stopped.text;
  if (request.code in problems) return `${problems[request.code as keyof typeof problems].title}.`;
  if (isUnderWay(request) && request.status === 0) return 'Under way: no answer had begun when this was recorded.';
  if (request.status === 499) return cut?.text ?? 'The caller went away before the answer.';
  if (request.upstream === '') return 'The gateway answered it itself.';
  const answered = `${request.upstream} answered ${request.status}${request.arm === '' ? '' : ` (arm ${request.arm})`}`;
  if (isUnderWay(request)) return `Under way: ${answered}, and has not ended.`;
  return cut === undefined ? `${answered}.` : `${answered}. ${cut.text}`;
}
