// Decides one request: pure and synchronous, so that the gateway, an explanation and a rehearsal cannot differ.
import type { ProblemCode } from '@sluice/contracts';
import { problems } from '@sluice/contracts';
import type { Compiled } from './compiled.js';
import type { Answer, DecideRequest, Decision, Facts, Need } from './decision.js';
import type { Progress, Stage } from './progress.js';
import { begin } from './progress.js';
import { authenticate } from './stages/authenticate.js';
import { authorize } from './stages/authorize.js';
import { cors } from './stages/cors.js';
import { limit } from './stages/limit.js';
import { match } from './stages/match.js';
import { shape } from './stages/shape.js';
import { split } from './stages/split.js';

// The order is fixed; there are no priorities. Each stage either lets the request on, or ends it.
const stages: readonly Stage[] = [
  match, // first, because everything below belongs to a route
  cors, // before identity: a browser's preflight carries no credential
  authenticate, // who calls
  authorize, // whether they may call this
  limit, // after both: what is refused costs its caller no unit
  shape, // what the upstream gets to see
  split, // last: only what is really sent counts for an arm
];

/**
 * @param now Unix milliseconds.
 * @param seed an unsigned 32-bit integer, drawn anew for each request: it alone is chance.
 */
export function decide(
  compiled: Compiled,
  request: DecideRequest,
  facts: Facts,
  now: number,
  seed: number,
): Decision | Need {
  const progress = begin(compiled, request, facts, now, seed);
  for (const stage of stages) {
    const end = stage(progress);
    if (end === undefined) continue;
    return end.kind === 'need' ? end : answer(progress, end.code, end.detail);
  }
  const { account, reasons, answerHeaders, path, hiddenHeaders } = progress;
  return { kind: 'forward', account, reasons, answerHeaders, path, hiddenHeaders, spend: account.limits };
}

function answer(progress: Progress, code: ProblemCode | null, detail: string): Answer {
  const { account, reasons, answerHeaders } = progress;
  return {
    kind: 'answer',
    account,
    reasons,
    answerHeaders,
    status: code === null ? 204 : problems[code].status,
    code,
    detail,
  };
}
