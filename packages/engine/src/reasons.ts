// Why a decision fell as it did: a closed union of codes with plain data. They are recorded with every request, so a
// code keeps its meaning for as long as records are kept.
import type { SubscriptionState } from '@sluice/contracts';
import type { PathKind } from './matching/paths.js';

export type Reason =
  | { readonly code: 'host_unknown'; readonly host: string }
  | { readonly code: 'match_too_costly' }
  | { readonly code: 'route_matched'; readonly route: string; readonly pattern: string; readonly by: PathKind }
  | { readonly code: 'route_lost'; readonly route: string; readonly because: LossCause }
  | { readonly code: 'origin_admitted'; readonly origin: string }
  | { readonly code: 'origin_allowed'; readonly origin: string }
  | { readonly code: 'origin_refused'; readonly origin: string }
  | { readonly code: 'preflight_answered'; readonly method: string }
  | { readonly code: 'body_too_large'; readonly maxBytes: number; readonly bytes: number }
  | { readonly code: 'connection_cut'; readonly because: 'idle' | 'drain' }
  | { readonly code: 'header_dropped'; readonly header: string; readonly because: 'absent' | 'unclean' | 'too_long' }
  | { readonly code: 'mirrored'; readonly upstream: string }
  | { readonly code: 'delay_injected'; readonly delayMs: number }
  | { readonly code: 'abort_injected'; readonly status: number }
  | { readonly code: 'key_not_required' }
  | { readonly code: 'key_missing'; readonly header: string }
  | { readonly code: 'key_unknown'; readonly header: string }
  | { readonly code: 'key_revoked'; readonly credential: string }
  | { readonly code: 'key_expired'; readonly credential: string; readonly expiresAt: number }
  | { readonly code: 'key_accepted'; readonly credential: string }
  | { readonly code: 'credential_repeated'; readonly by: string }
  | { readonly code: 'credentials_disagree' }
  | TokenReason
  | { readonly code: 'password_missing' | 'password_malformed' | 'password_wrong' | 'password_busy' }
  | { readonly code: 'password_accepted'; readonly user: string }
  | { readonly code: 'subject_mapped'; readonly credential: string }
  | { readonly code: 'subject_unmapped' }
  | { readonly code: 'anonymous_accepted'; readonly subject: string }
  | { readonly code: 'forward_auth_passed' | 'forward_auth_answered'; readonly status: number }
  | {
      readonly code: 'forward_auth_unavailable';
      readonly fault: 'unreachable' | 'timeout' | 'forbidden_address' | 'busy' | 'status';
    }
  | { readonly code: 'scopes_missing'; readonly scopes: readonly string[] }
  | { readonly code: 'scopes_present' }
  | { readonly code: 'group_denied' | 'group_allowed'; readonly group: string }
  | { readonly code: 'group_missing'; readonly groups: readonly string[] }
  | { readonly code: 'groups_passed' }
  | { readonly code: 'ip_denied'; readonly list: 'allow' | 'deny' }
  | { readonly code: 'ip_unreadable' }
  | { readonly code: 'ip_passed' }
  | { readonly code: 'subscription_unknown'; readonly subscription: string }
  | {
      readonly code: 'subscription_inactive';
      readonly subscription: string;
      readonly state: Exclude<SubscriptionState, 'active'>;
    }
  | { readonly code: 'revision_needed'; readonly needed: number; readonly present: number }
  | { readonly code: 'plan_unknown'; readonly plan: string }
  | { readonly code: 'plan_excludes_api'; readonly plan: string; readonly api: string }
  | { readonly code: 'plan_covers_api'; readonly plan: string; readonly subscription: string }
  | { readonly code: 'limit_passed'; readonly limit: string; readonly units: number; readonly leased: number }
  | { readonly code: 'limit_used_up'; readonly limit: string; readonly units: number; readonly resetMs: number }
  | { readonly code: 'limit_unavailable'; readonly limit: string }
  | { readonly code: 'limit_would_refuse'; readonly limit: string; readonly units: number }
  | { readonly code: 'weights_live'; readonly version: number }
  | { readonly code: 'weights_ignored'; readonly version: number }
  | { readonly code: 'path_unsafe'; readonly route: string }
  | { readonly code: 'redirected'; readonly route: string; readonly status: number; readonly location: string }
  | { readonly code: 'answered_by_route'; readonly route: string; readonly status: number }
  | { readonly code: DrawnArmCode; readonly arm: string; readonly bucket: number; readonly weightBps: number }
  | { readonly code: 'arm_forced'; readonly arm: string }
  | { readonly code: 'arm_fallback'; readonly arm: string; readonly instead: string };

/** Why a route did not take a request. */
export type LossCause = 'path' | 'method' | 'header' | 'query' | 'less_specific' | 'priority';

/** What was found of a token. Of one that was refused nothing is kept but what the configuration names itself. */
export type TokenReason =
  | {
      readonly code:
        | 'token_missing'
        | 'token_malformed'
        | 'token_too_large'
        | 'token_algorithm_none'
        | 'token_algorithm_unknown'
        | 'token_critical_header'
        | 'token_issuer_unknown';
    }
  | { readonly code: 'token_brings_keys'; readonly header: string }
  | { readonly code: 'token_claim_missing' | 'token_claim_wrong'; readonly claim: string }
  | {
      readonly code: 'token_algorithm_confused' | 'token_algorithm_not_allowed';
      readonly algorithm: string;
      readonly issuer: string;
    }
  | {
      readonly code:
        | 'token_audience_wrong'
        | 'token_too_old'
        | 'token_key_unknown'
        | 'token_signature_wrong'
        | 'token_keys_unavailable'
        | 'token_busy'
        | 'token_accepted';
      readonly issuer: string;
    }
  | { readonly code: 'token_expired' | 'token_not_yet_valid'; readonly issuer: string; readonly byMs: number };

/** How an arm was chosen: the record's `arm_reason`. */
export type ArmReasonCode = DrawnArmCode | 'arm_forced' | 'arm_fallback';
/** By whom or what the arm was drawn. */
export type DrawnArmCode =
  | 'arm_only'
  | 'arm_by_application'
  | 'arm_by_ip'
  | 'arm_by_header'
  | 'arm_by_cookie'
  | 'arm_by_request';
export type ReasonCode = Reason['code'];
