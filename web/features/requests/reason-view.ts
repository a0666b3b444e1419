// Reasons as people read them: the stage of each, its sentence, and whether it let the request pass, stopped it, or is
// only noted. The sentences are the server's; a reason without one (gateways may be a version ahead) shows its code and data.

import { withLimitWords } from './limit-words';

export type Mark = 'passed' | 'stopped' | 'noted';

export interface ReasonView {
  readonly code: string;
  readonly stage: string;
  readonly text: string;
  readonly mark: Mark;
}

type Reason = Readonly<Record<string, unknown>>;

/** `isRefused`: the gateway answered with a problem before an arm was chosen. The last reason that is no consent says why. */
export function viewsOf(reasons: readonly Reason[], isRefused: boolean): ReasonView[] {
  const last = isRefused ? reasons.findLastIndex((reason) => !consents.has(codeOf(reason))) : -1;
  return reasons.map((reason, index) => {
    const code = codeOf(reason);
    const mark = index === last ? 'stopped' : consents.has(code) ? 'passed' : 'noted';
    return { code, stage: stageOf(code), text: textOf(reason), mark };
  });
}

/** The stage that found a reason; empty: a code that this page does not know. */
export function stageOf(code: string): string {
  return stages.find(([pattern]) => pattern.test(code))?.[1] ?? '';
}

const stages = [
  [/^(?:host|match|route)_/, 'Match'],
  [/^ip_/, 'Shield'],
  [/^(?:origin|preflight)_/, 'CORS'],
  [/^(?:key|token|password|credentials?|subject|anonymous|forward_auth)_/, 'Authenticate'],
  [/^(?:scopes|groups?|subscription|revision|plan)_/, 'Authorize'],
  [/^limit_/, 'Limit'],
  [/^(?:body_|header_|path_|mirrored$|delay_|abort_|redirected$|answered_)/, 'Shape'],
  [/^(?:weights|arm)_/, 'Split'],
  [/^connection_/, 'Answer'],
] as const;

/** Codes that never stop a request. */
const consents: ReadonlySet<string> = new Set([
  'route_matched',
  'origin_admitted',
  'origin_allowed',
  'preflight_answered',
  'mirrored',
  'key_not_required',
  'key_accepted',
  'token_accepted',
  'password_accepted',
  'subject_mapped',
  'anonymous_accepted',
  'forward_auth_passed',
  'scopes_present',
  'group_allowed',
  'groups_passed',
  'ip_passed',
  'plan_covers_api',
  'limit_passed',
  'redirected',
  'answered_by_route',
  'weights_live',
  'arm_only',
  'arm_forced',
  'arm_fallback',
  'arm_by_application',
  'arm_by_header',
  'arm_by_cookie',
  'arm_by_ip',
  'arm_by_request',
]);

function codeOf({ code }: Reason): string {
  return typeof code === 'string' && code !== '' ? code : 'without a code';
}

function textOf(reason: Reason): string {
  if (typeof reason['sentence'] === 'string') return withLimitWords(reason['sentence']);
  const { code: _, ...data } = reason;
  const facts = Object.entries(data).map(([name, value]) => `${name} ${plain(value)}`);
  return facts.length === 0 ? codeOf(reason) : `${codeOf(reason)}: ${facts.join(', ')}`;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
