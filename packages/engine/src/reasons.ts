// Why a decision fell as it did: a closed union of codes with plain data. They are recorded with every request, so a
// code keeps its meaning for as long as records are kept.
import type { SubscriptionState } from '@sluice/contracts';

export type Reason =
  | { readonly code: 'host_unknown'; readonly host: string }
  | { readonly code: 'route_matched'; readonly route: string; readonly pattern: string; readonly isPrefix: boolean }
  | { readonly code: 'route_lost'; readonly route: string; readonly because: 'path' | 'method' | 'less_specific' }
  | { readonly code: 'origin_admitted'; readonly origin: string }
  | { readonly code: 'origin_allowed'; readonly origin: string }
  | { readonly code: 'origin_refused'; readonly origin: string }
  | { readonly code: 'preflight_answered'; readonly method: string }
  | { readonly code: 'body_too_large'; readonly maxBytes: number; readonly bytes: number }
  | { readonly code: 'header_dropped'; readonly header: string; readonly because: 'absent' | 'unclean' | 'too_long' }
  | { readonly code: 'mirrored'; readonly upstream: string }
  | { readonly code: 'delay_injected'; readonly delayMs: number }
  | { readonly code: 'abort_injected'; readonly status: number }
  | { readonly code: 'key_not_required' }
  | { readonly code: 'key_missing'; readonly header: string }
  | { readonly code: 'key_unknown'; readonly header: string }
  | { readonly code: 'key_revoked'; readonly credential: string }
  | { readonly code: 'key_accepted'; readonly credential: string }
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
  | { readonly code: ArmReasonCode; readonly arm: string; readonly bucket: number; readonly weightBps: number };

/** How an arm was chosen: the record's `arm_reason`. */
export type ArmReasonCode = 'arm_only' | 'arm_by_application' | 'arm_by_ip' | 'arm_by_request';
export type ReasonCode = Reason['code'];

/** A reason as one sentence for people. */
export function sentenceOf(reason: Reason): string {
  switch (reason.code) {
    case 'host_unknown':
      return `No environment is served at the host ${reason.host}.`;
    case 'route_matched':
      return `The route ${reason.route} matched: its path ${reason.isPrefix ? `begins with ${reason.pattern || '/'}` : `is ${reason.pattern}`}.`;
    case 'route_lost':
      return `The route ${reason.route} did not take it: ${lossInWords[reason.because]}.`;
    case 'origin_admitted':
      return `The origin ${reason.origin} belongs to the portal and may read the answer.`;
    case 'origin_allowed':
      return `The route's cors policy lets pages of ${reason.origin} read the answer.`;
    case 'origin_refused':
      return `The route's cors policy does not let pages of ${reason.origin} read the answer.`;
    case 'preflight_answered':
      return `The gateway answered the browser's preflight for ${reason.method}.`;
    case 'key_not_required':
      return 'The route asks for no API key.';
    case 'key_missing':
      return `The header ${reason.header}, which must carry the API key, was missing.`;
    case 'key_unknown':
      return `The API key in the header ${reason.header} belongs to no credential of this environment.`;
    case 'key_revoked':
      return `The API key ${reason.credential} was revoked.`;
    case 'key_accepted':
      return `The API key ${reason.credential} was accepted.`;
    case 'subscription_unknown':
      return `The subscription ${reason.subscription} has not reached this gateway yet.`;
    case 'subscription_inactive':
      return `The subscription ${reason.subscription} is ${reason.state}.`;
    case 'revision_needed':
      return `The subscription needs revision ${reason.needed}; this gateway has revision ${reason.present}.`;
    case 'plan_unknown':
      return `The plan ${reason.plan} is not part of this revision.`;
    case 'plan_excludes_api':
      return `The plan ${reason.plan} does not include the API ${reason.api}.`;
    case 'plan_covers_api':
      return `The subscription ${reason.subscription} is active, and its plan ${reason.plan} includes the API.`;
    case 'limit_passed':
      return `The limit ${reason.limit} of ${reason.units} units had room: this gateway held ${reason.leased} of them.`;
    case 'limit_used_up':
      return `The limit ${reason.limit} of ${reason.units} units was used up for another ${Math.ceil(reason.resetMs / 1000)} s.`;
    case 'limit_unavailable':
      return `The limit ${reason.limit} could not be checked.`;
    case 'limit_would_refuse':
      return `The limit ${reason.limit} of ${reason.units} units, in a dry run, would have refused it.`;
    case 'weights_live':
      return `The weights in force were version ${reason.version}, set after the revision was published.`;
    case 'weights_ignored':
      return `Version ${reason.version} of the weights does not fit the arms of this revision; the document's weights were used.`;
    case 'arm_only':
      return `The arm ${reason.arm} took it: it is the only one.`;
    case 'arm_by_application':
    case 'arm_by_ip':
    case 'arm_by_request':
      return `The arm ${reason.arm} with ${reason.weightBps / 100} % took it: ${subjectInWords[reason.code]} falls into bucket ${reason.bucket} of 10,000.`;
    case 'body_too_large':
      return `The body, of ${reason.bytes} bytes or more, is larger than the ${reason.maxBytes} bytes that the route takes.`;
    case 'header_dropped':
      return `The header ${reason.header} was left out: ${dropInWords[reason.because]}.`;
    case 'mirrored':
      return `A copy went to the upstream ${reason.upstream}; its answer is not looked at.`;
    case 'delay_injected':
      return `The route's fault policy held the request back for ${reason.delayMs} ms.`;
    case 'abort_injected':
      return `The route's fault policy answered with status ${reason.status} in the upstream's place.`;
    default:
      return assertNever(reason);
  }
}

const lossInWords = {
  path: 'its path is another one',
  method: 'it does not take this method',
  less_specific: 'another route is more specific',
} as const;

const dropInWords = {
  absent: 'nothing is known of this request to fill it with',
  unclean: 'its value would have held control characters',
  too_long: 'its value would have been too long',
} as const;

const subjectInWords = {
  arm_by_application: 'the application',
  arm_by_ip: "the client's address",
  arm_by_request: 'the request, drawn by chance,',
} as const;

function assertNever(reason: never): never {
  throw new Error(`no sentence for ${JSON.stringify(reason)}`);
}
