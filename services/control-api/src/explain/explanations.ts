// A decision as the API answers it: whole for members, redacted for consumers.
import type { ExplainedLimit, ExplanationOfRequest, PortalExplanation } from '@sluice/contracts';
import { explain, type Audience, type Decision, type HeaderEdits, type Headers } from '@sluice/engine';
import type { Budget, ExplainFacts } from './explain-facts.js';

interface Asked {
  readonly on: 'live' | 'draft';
  readonly revision: number;
  readonly at: string;
  readonly facts: ExplainFacts;
  readonly refusals: ExplanationOfRequest['refusals'];
}

export function memberExplanation(
  decision: Decision,
  { on, revision, at, facts, refusals }: Asked,
): ExplanationOfRequest {
  const { account } = decision;
  return {
    ...common(decision, 'member'),
    limits: [...facts.budgets.values()].map(limitAnswer),
    undecidable: facts.undecidable,
    on,
    revision,
    at,
    api: account.api || null,
    route: account.route || null,
    applicationId: account.applicationId || null,
    subscriptionId: account.subscriptionId || null,
    credentialId: account.credentialId || null,
    plan: account.plan || null,
    facts: decision.reasons.map((reason) => ({ ...reason })),
    forward: forwardOf(decision),
    answer: answerOf(decision),
    refusals: [...refusals],
  };
}

/** Holds nothing of the decision but what a consumer may read, and of limits only those that count for the caller. */
export function consumerExplanation(decision: Decision, facts: ExplainFacts): PortalExplanation {
  const { subscriptionId, applicationId, credentialId } = decision.account;
  const own = [subscriptionId, applicationId, credentialId].filter((id) => id !== '');
  const isOwn = ({ limit }: Budget): boolean => own.some((id) => limit.key.includes(id));
  return {
    ...common(decision, 'consumer'),
    limits: [...facts.budgets.values()].filter((budget) => isOwn(budget) && !budget.limit.isDryRun).map(limitAnswer),
    undecidable: facts.undecidable.filter(({ what }) => what !== 'health'),
  };
}

function common(
  decision: Decision,
  audience: Audience,
): Pick<PortalExplanation, 'outcome' | 'kind' | 'status' | 'code' | 'reasons'> {
  const { outcome, reasons } = explain(decision, audience);
  const isAnswer = decision.kind === 'answer';
  return {
    outcome,
    kind: decision.kind,
    status: isAnswer ? decision.status : null,
    code: isAnswer ? decision.code : null,
    reasons: reasons.map(({ code, sentence }) => ({ code, sentence })),
  };
}

function limitAnswer({ limit, cost, left }: Budget): ExplainedLimit {
  return {
    name: limit.name,
    kind: limit.kind,
    units: limit.units,
    cost,
    left: left?.left ?? null,
    resetMs: left === undefined ? null : Math.ceil(left.resetMs),
  };
}

function forwardOf(decision: Decision): ExplanationOfRequest['forward'] {
  if (decision.kind !== 'forward') return null;
  const { account, path, query, request, response, answerHeaders } = decision;
  return {
    upstream: account.upstream,
    arm: account.arm,
    armReason: account.armReason,
    weightVersion: account.weightVersion,
    path,
    query,
    requestHeaders: editsAnswer(request),
    answerHeaders: editsAnswer({ ...response, set: [...response.set, ...answerHeaders] }),
  };
}

function answerOf(decision: Decision): ExplanationOfRequest['answer'] {
  if (decision.kind !== 'answer') return null;
  const { detail, body, answerHeaders: ours, response } = decision;
  // What the gateway says itself stands; Vary is added.
  const edited = [...response.set, ...response.add].filter(
    ([name]) => name === 'vary' || !ours.some(([our]) => our === name),
  );
  return { detail, headers: pairs([...edited, ...ours]), body: body ?? null };
}

function editsAnswer({ rename, remove, set, add }: HeaderEdits): {
  rename: [string, string][];
  remove: string[];
  set: [string, string][];
  add: [string, string][];
} {
  return { rename: pairs(rename), remove: [...remove], set: pairs(set), add: pairs(add) };
}

function pairs(headers: Headers): [string, string][] {
  return headers.map(([name, value]) => [name, value]);
}
