// Reasons as members of the tenant read them: one sentence each.
import type { PathKind } from '../matching/paths.js';
import type { LossCause, Reason, TokenReason } from '../reasons.js';

/** A reason as one sentence for people. */
export function sentenceOf(reason: Reason): string {
  switch (reason.code) {
    case 'host_unknown':
      return `No environment is served at the host ${reason.host}.`;
    case 'route_matched':
      return `The route ${reason.route} matched: its path ${fitInWords[reason.by]} ${reason.pattern || '/'}.`;
    case 'match_too_costly':
      return 'The path, a header or the query is too long for the regular expressions that would have to read it.';
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
    case 'key_expired':
      return `The API key ${reason.credential} expired at ${new Date(reason.expiresAt).toISOString()}.`;
    case 'key_accepted':
      return `The API key ${reason.credential} was accepted.`;
    case 'credential_repeated':
      return `The request carried what ${reason.by} asks for more than once.`;
    case 'credentials_disagree':
      return 'The credentials of the request belong to different subscriptions.';
    case 'password_missing':
      return 'The request carried no user name and password.';
    case 'password_malformed':
      return 'The header Authorization did not hold a user name and a password of the Basic scheme.';
    case 'password_wrong':
      return 'The user name or the password was wrong.';
    case 'password_busy':
      return "The password was not checked: the tenant's share of such work was used up.";
    case 'password_accepted':
      return `The password of the user ${reason.user} was right.`;
    case 'subject_mapped':
      return `The subject stands for the credential ${reason.credential}.`;
    case 'subject_unmapped':
      return 'The subject belongs to no subscription of this environment.';
    case 'anonymous_accepted':
      return `The caller showed no credential and went on as ${reason.subject}.`;
    case 'forward_auth_passed':
      return `The authentication service let it pass with status ${reason.status}.`;
    case 'forward_auth_answered':
      return `The authentication service answered ${reason.status} in place of the upstream.`;
    case 'forward_auth_unavailable':
      return `The authentication service could not be asked: ${faultInWords[reason.fault]}.`;
    case 'scopes_missing':
      return `The caller lacked the ${plural('scope', reason.scopes)} ${reason.scopes.join(', ')}.`;
    case 'scopes_present':
      return 'The caller had the scopes that the route asks for.';
    case 'group_denied':
      return `The caller is in the group ${reason.group}, which is denied.`;
    case 'group_allowed':
      return `The caller is in the group ${reason.group}, which is allowed.`;
    case 'group_missing':
      return `The caller is not in the ${plural('group', reason.groups)} ${reason.groups.join(', ')}.`;
    case 'groups_passed':
      return 'The caller is in none of the groups that are denied.';
    case 'ip_denied':
      return reason.list === 'deny'
        ? "The client's address is on the list of those that are denied."
        : "The client's address is not on the list of those that are allowed.";
    case 'ip_unreadable':
      return "The client's address could not be read.";
    case 'ip_passed':
      return "The lists of addresses let the client's pass.";
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
    case 'path_unsafe':
      return `What the route ${reason.route} makes of the path could be read as another path, or as another host.`;
    case 'redirected':
      return `The route ${reason.route} redirected with status ${reason.status} to ${reason.location}.`;
    case 'answered_by_route':
      return `The route ${reason.route} answered by itself with status ${reason.status}.`;
    case 'arm_forced':
      return `The arm ${reason.arm} took it: the request carried a signed demand for it.`;
    case 'arm_fallback':
      return `The arm ${reason.arm} took it instead of ${reason.instead}, which has no healthy target.`;
    case 'arm_only':
      return `The arm ${reason.arm} took it: it is the only one.`;
    case 'arm_by_application':
    case 'arm_by_header':
    case 'arm_by_cookie':
    case 'arm_by_ip':
    case 'arm_by_request':
      return `The arm ${reason.arm} with ${reason.weightBps / 100} % took it: ${subjectInWords[reason.code]} falls into bucket ${reason.bucket} of 10,000.`;
    case 'body_too_large':
      return `The body, of ${reason.bytes} bytes or more, is larger than the ${reason.maxBytes} bytes that the route takes.`;
    case 'connection_cut':
      return `The gateway closed the connection before the end: ${cutInWords[reason.because]}.`;
    case 'header_dropped':
      return `The header ${reason.header} was left out: ${dropInWords[reason.because]}.`;
    case 'mirrored':
      return `A copy went to the upstream ${reason.upstream}; its answer is not looked at.`;
    case 'delay_injected':
      return `The route's fault policy held the request back for ${reason.delayMs} ms.`;
    case 'abort_injected':
      return `The route's fault policy answered with status ${reason.status} in the upstream's place.`;
    default:
      return sentenceOfToken(reason);
  }
}

function sentenceOfToken(reason: TokenReason): string {
  switch (reason.code) {
    case 'token_missing':
      return 'The request carried no token.';
    case 'token_malformed':
      return 'The token is not a signed JWT: three parts of base64url, the first two of them JSON objects.';
    case 'token_too_large':
      return 'The token is larger than the route takes.';
    case 'token_algorithm_none':
      return 'The token is not signed: its algorithm is none.';
    case 'token_algorithm_unknown':
      return 'The token names no algorithm that this version knows.';
    case 'token_critical_header':
      return 'The token marks parts of its header as critical that this version does not know.';
    case 'token_issuer_unknown':
      return 'The token names no issuer that the route trusts.';
    case 'token_brings_keys':
      return `The token's header names keys of its own (${reason.header}), which are never used.`;
    case 'token_claim_missing':
      return `The token lacks the claim ${reason.claim}.`;
    case 'token_claim_wrong':
      return `The claim ${reason.claim} of the token does not have a value that the route asks for.`;
    case 'token_algorithm_confused':
      return `The token says ${reason.algorithm}, which signs with a secret, but the keys of ${reason.issuer} are public.`;
    case 'token_algorithm_not_allowed':
      return `The token says ${reason.algorithm}, which is not allowed for ${reason.issuer}.`;
    case 'token_audience_wrong':
      return `The token of ${reason.issuer} is meant for another audience.`;
    case 'token_too_old':
      return `The token of ${reason.issuer} was issued too long ago.`;
    case 'token_key_unknown':
      return `The issuer ${reason.issuer} has no key of the name that the token gives.`;
    case 'token_signature_wrong':
      return `The token's signature does not hold with the keys of ${reason.issuer}.`;
    case 'token_keys_unavailable':
      return `The keys of ${reason.issuer} could not be fetched.`;
    case 'token_busy':
      return "The token's signature was not checked: the tenant's share of such work was used up.";
    case 'token_accepted':
      return `The token of ${reason.issuer} was accepted.`;
    case 'token_expired':
      return `The token of ${reason.issuer} expired ${Math.ceil(reason.byMs / 1000)} s before.`;
    case 'token_not_yet_valid':
      return `The token of ${reason.issuer} is valid only ${Math.ceil(reason.byMs / 1000)} s later.`;
    default:
      return assertNever(reason);
  }
}

const faultInWords = {
  unreachable: 'it could not be reached',
  timeout: 'it did not answer in time',
  forbidden_address: 'its address is not allowed',
  busy: "the tenant's share of such work was used up",
  status: 'its status means nothing to a client',
} as const;

function plural(word: string, list: readonly string[]): string {
  return list.length === 1 ? word : `${word}s`;
}

const lossInWords = {
  path: 'its path is another one',
  method: 'it does not take this method',
  header: 'a header is not as it asks',
  query: 'the query is not as it asks',
  less_specific: 'another route is more specific',
  priority: 'another route has a higher priority',
} as const satisfies Record<LossCause, string>;

const fitInWords = {
  exact: 'is',
  template: 'fits',
  prefix: 'begins with the segments of',
  rawPrefix: 'begins with',
  regex: 'matches',
} as const satisfies Record<PathKind, string>;

const cutInWords = {
  idle: 'nothing had come either way for too long',
  drain: 'it was about to end, and could wait no longer',
} as const;

const dropInWords = {
  absent: 'nothing is known of this request to fill it with',
  unclean: 'its value would have held control characters',
  too_long: 'its value would have been too long',
} as const;

const subjectInWords = {
  arm_by_application: 'the application',
  arm_by_header: "the header's value",
  arm_by_cookie: 'the cookie',
  arm_by_ip: "the client's address",
  arm_by_request: 'the request, drawn by chance,',
} as const;

function assertNever(reason: never): never {
  throw new Error(`no sentence for ${JSON.stringify(reason)}`);
}
