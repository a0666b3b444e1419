// Reasons as a consumer may read them: somebody of another company, who may know what came of an own request and nothing of
// the inside. No other route, no upstream, no weights, no revision, no group, and no id but the consumer's own.
import type { Reason, ReasonCode } from '../reasons.js';
import { sentenceOf } from './sentences.js';
import type { ReasonOf } from './reason-of.js';

/** `same`: as members read it. `hidden`: the provider's business, left out. */
type ForConsumers = {
  readonly [Code in ReasonCode]: 'same' | 'hidden' | ((reason: ReasonOf<Code>) => string);
};

const forConsumers: ForConsumers = {
  host_unknown: 'same',
  match_too_costly: 'same',
  route_matched: ({ route }) => `The route ${route} took it.`,
  route_lost: 'hidden',
  origin_admitted: 'same',
  origin_allowed: ({ origin }) => `Pages of ${origin} may read the answer.`,
  origin_refused: ({ origin }) => `Pages of ${origin} may not read the answer.`,
  preflight_answered: 'same',
  body_too_large: 'same',
  connection_cut: 'same',
  header_dropped: 'hidden',
  mirrored: 'hidden',
  delay_injected: 'hidden',
  abort_injected: ({ status }) =>
    `The provider has the gateway answer ${status} in the API's place, to try out faults.`,
  key_not_required: 'same',
  key_missing: 'same',
  key_unknown: 'same',
  key_revoked: 'same',
  key_expired: 'same',
  key_accepted: 'same',
  credential_repeated: 'same',
  credentials_disagree: 'same',
  token_missing: 'same',
  token_malformed: 'same',
  token_too_large: 'same',
  token_algorithm_none: 'same',
  token_algorithm_unknown: 'same',
  token_critical_header: 'same',
  token_issuer_unknown: 'same',
  token_brings_keys: 'same',
  token_claim_missing: 'same',
  token_claim_wrong: 'same',
  token_algorithm_confused: 'same',
  token_algorithm_not_allowed: 'same',
  token_audience_wrong: 'same',
  token_too_old: 'same',
  token_key_unknown: 'same',
  token_signature_wrong: 'same',
  token_keys_unavailable: 'same',
  token_busy: () => "The token's signature could not be checked at the moment.",
  token_accepted: 'same',
  token_expired: 'same',
  token_not_yet_valid: 'same',
  password_missing: 'same',
  password_malformed: 'same',
  password_wrong: 'same',
  password_busy: () => 'The password could not be checked at the moment.',
  password_accepted: 'same',
  subject_mapped: 'same',
  subject_unmapped: 'same',
  anonymous_accepted: () => 'The caller showed no credential, which the route allows.',
  forward_auth_passed: () => "The provider's own check let it pass.",
  forward_auth_answered: ({ status }) => `The provider's own check answered ${status}.`,
  forward_auth_unavailable: () => "The provider's own check could not be asked.",
  scopes_missing: 'same',
  scopes_present: 'same',
  group_denied: () => 'The caller is in a group that may not call this.',
  group_allowed: () => 'The caller is in a group that may call this.',
  group_missing: () => 'The caller is in none of the groups that may call this.',
  groups_passed: 'hidden',
  ip_denied: () => "The client's address may not call this.",
  ip_unreadable: 'same',
  ip_passed: 'hidden',
  subscription_unknown: 'same',
  subscription_inactive: 'same',
  revision_needed: () => 'The configuration that the subscription needs is still on its way to this gateway.',
  plan_unknown: ({ plan }) => `The plan ${plan} is not on offer.`,
  plan_excludes_api: 'same',
  plan_covers_api: 'same',
  limit_passed: ({ limit, units }) => `The limit ${limit} of ${units} units had room.`,
  limit_used_up: 'same',
  limit_unavailable: 'same',
  limit_would_refuse: 'hidden',
  weights_live: 'hidden',
  weights_ignored: 'hidden',
  path_unsafe: () => 'The path could be read as another path, or as another host.',
  redirected: ({ location }) => `The request was redirected to ${location}.`,
  answered_by_route: 'hidden',
  arm_forced: ({ arm }) => `The arm ${arm} took it, as the request demanded.`,
  arm_fallback: 'hidden',
  arm_only: 'hidden',
  arm_by_application: ({ arm }) => `The arm ${arm} took it.`,
  arm_by_header: ({ arm }) => `The arm ${arm} took it.`,
  arm_by_cookie: ({ arm }) => `The arm ${arm} took it.`,
  arm_by_ip: ({ arm }) => `The arm ${arm} took it.`,
  arm_by_request: ({ arm }) => `The arm ${arm} took it.`,
};

/** Whether this version knows a code. */
export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(forConsumers, code);
}

/** Undefined: consumers are not told. A code that is not in the table (a record of a newer version) is not told either. */
export function consumerSentenceOf(reason: Reason): string | undefined {
  const words: ForConsumers[ReasonCode] | undefined = forConsumers[reason.code];
  if (words === undefined || words === 'hidden') return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table ties each code to the reasons of that code
  return words === 'same' ? sentenceOf(reason) : (words as (reason: Reason) => string)(reason);
}
