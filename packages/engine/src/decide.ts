// Decides one request: pure and synchronous, so that the gateway, an explanation and a rehearsal cannot differ.
import { problems } from '@sluice/contracts';
import type { Compiled } from './compiled.js';
import type { DecideRequest, Decision, Facts, Need } from './decision.js';
import type { Charge } from './limits.js';
import { runPolicies } from './policies/run-policies.js';
import type { End, NeedEnd, Progress, Stage } from './progress.js';
import { begin } from './progress.js';
import { authenticate } from './stages/authenticate.js';
import { authorize } from './stages/authorize.js';
import { cors, letOriginRead } from './stages/cors.js';
import { limit } from './stages/limit.js';
import { match } from './stages/match.js';
import { shape } from './stages/shape.js';
import { shield } from './stages/shield.js';
import { split } from './stages/split.js';

// The order is fixed; there are no priorities. Each stage either lets the request on, or ends it.
const stages: readonly Stage[] = [
  match, // first, because everything below belongs to a route
  shield, // before identity: what must cost an attacker more than it costs us
  cors, // before identity too: a browser's preflight carries no credential
  authenticate, // who calls
  authorize, // whether they may call this
  limit, // after both: what is refused costs its caller no unit
  shape, // what the upstream gets to see, or an answer of the gateway's own
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
    return end.kind === 'need' ? ask(progress, end) : answer(progress, end);
  }
  return forward(progress);
}

function ask({ account, reasons, spendAlways }: Progress, end: NeedEnd): Need {
  return { ...end, account, reasons, spend: end.need === 'lease' ? [] : spendAlways };
}

// Refusals too: a header that a tenant wants on all answers of a route is wanted on those most of all. Where no route took
// the request, one may stand here because it says who may read that.
function finishAnswer(progress: Progress): void {
  if (progress.account.route !== '') runPolicies('answer', progress);
}

function forward(progress: Progress): Decision {
  finishAnswer(progress);
  const { account, reasons, answerHeaders, path, query, transport, mirror, identity, delayMs, route } = progress;
  return {
    kind: 'forward',
    account,
    reasons,
    answerHeaders,
    path,
    query,
    request: progress.upstreamEdits,
    response: progress.answerEdits,
    spend: joined(progress.spendAlways, progress.spendOnForward),
    costHeader: route?.costHeader,
    transport,
    mirror,
    identity,
    delayMs,
  };
}

function joined(left: readonly Charge[], right: readonly Charge[]): readonly Charge[] {
  return left.length === 0 ? right : [...left, ...right];
}

function answer(progress: Progress, { code, detail, status, body }: End): Decision {
  letOriginRead(progress);
  finishAnswer(progress);
  const { account, reasons, answerHeaders, delayMs, spendAlways, spendOnFailure, hasFailed } = progress;
  return {
    kind: 'answer',
    account,
    reasons,
    answerHeaders,
    response: progress.answerEdits,
    // An answer of the gateway's own is a request served, and counts as one.
    spend: [...spendAlways, ...(hasFailed ? spendOnFailure : []), ...(code === null ? progress.spendOnForward : [])],
    status: code === null ? status : problems[code].status,
    code,
    detail,
    body,
    delayMs,
  };
}
