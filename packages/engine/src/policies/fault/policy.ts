// Makes a share of requests slow or fail on purpose, to see how clients bear it.
import { isDrawn, saltOf } from '../../chance.js';
import { rulePolicy } from '../../policy.js';
import { answerWith } from '../../progress.js';
import type { FaultSettings } from './schema.js';
import { faultSchema } from './schema.js';

interface Compiled extends FaultSettings {
  readonly delaySalt: number;
  readonly abortSalt: number;
}

export const fault = rulePolicy<FaultSettings, Compiled>({
  name: 'fault',
  summary: 'Delays or aborts a share of requests on purpose, to see how clients bear it.',
  schema: faultSchema,
  stage: 'shape',
  compile: (settings, { routeKey }) => ({
    ...settings,
    delaySalt: saltOf(routeKey, 'fault delay'),
    abortSalt: saltOf(routeKey, 'fault abort'),
  }),
  decide: ({ delay, abort, when, delaySalt, abortSalt }, progress) => {
    const { request, seed, reasons } = progress;
    if (when !== undefined) {
      const value = request.header(when.header);
      if (value === undefined || (when.exact !== undefined && value !== when.exact)) return undefined;
    }
    if (delay !== undefined && isDrawn(seed, delaySalt, delay.shareBps)) {
      progress.delayMs += delay.delayMs;
      reasons.push({ code: 'delay_injected', delayMs: delay.delayMs });
    }
    if (abort === undefined || !isDrawn(seed, abortSalt, abort.shareBps)) return undefined;
    reasons.push({ code: 'abort_injected', status: abort.status });
    return answerWith(abort.status, {
      contentType: 'text/plain; charset=utf-8',
      text: 'This failure was injected by the fault policy of the route.\n',
    });
  },
});
