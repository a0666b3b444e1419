// Every error that Sluice answers, on both planes: one closed table. On the wire it is RFC 9457
// `application/problem+json`; `docs/errors/<code>.md` explains each, and a test keeps the two in step.
import { z } from 'zod';

interface ProblemDefinition {
  readonly status: number;
  readonly title: string;
  /** Whether the same request, sent again later, may succeed without a change. */
  readonly isRetryable: boolean;
}

export const problems = {
  // the gateway
  bad_request: { status: 400, title: 'The request is malformed', isRetryable: false },
  request_timeout: { status: 408, title: 'The request did not arrive in time', isRetryable: true },
  misdirected_request: {
    status: 421,
    title: 'The connection was not opened for this host',
    isRetryable: false,
  },
  unknown_host: { status: 404, title: 'No API is served at this host', isRetryable: false },
  no_route: { status: 404, title: 'No route matches this request', isRetryable: false },
  method_not_allowed: { status: 405, title: 'The route does not take this method', isRetryable: false },
  credential_missing: { status: 401, title: 'A credential is required', isRetryable: false },
  credential_invalid: { status: 401, title: 'The credential is not valid', isRetryable: false },
  credential_revoked: { status: 401, title: 'The credential was revoked', isRetryable: false },
  credential_expired: { status: 401, title: 'The credential has expired', isRetryable: false },
  credential_repeated: { status: 400, title: 'The request carries two credentials', isRetryable: false },
  credentials_disagree: { status: 403, title: 'The credentials belong to different subscriptions', isRetryable: false },
  token_malformed: { status: 401, title: 'The token is malformed', isRetryable: false },
  token_too_large: { status: 401, title: 'The token is too large', isRetryable: false },
  token_header_refused: { status: 401, title: "The token's header is refused", isRetryable: false },
  token_algorithm_refused: { status: 401, title: "The token's algorithm is refused", isRetryable: false },
  token_issuer_unknown: { status: 401, title: "The token's issuer is not trusted", isRetryable: false },
  token_audience_wrong: { status: 401, title: 'The token is meant for another audience', isRetryable: false },
  token_expired: { status: 401, title: 'The token has expired', isRetryable: false },
  token_not_yet_valid: { status: 401, title: 'The token is not valid yet', isRetryable: true },
  token_claim_refused: { status: 401, title: 'A claim of the token is refused', isRetryable: false },
  token_key_unknown: { status: 401, title: "The token's key is unknown", isRetryable: false },
  token_signature_invalid: { status: 401, title: "The token's signature is not valid", isRetryable: false },
  token_keys_unavailable: { status: 503, title: "The issuer's keys cannot be fetched", isRetryable: true },
  identity_busy: { status: 503, title: 'The credential cannot be checked now', isRetryable: true },
  forward_auth_unavailable: { status: 503, title: 'The authentication service cannot be asked', isRetryable: true },
  subject_unknown: { status: 403, title: 'The subject has no subscription', isRetryable: false },
  scope_missing: { status: 403, title: 'A scope is missing', isRetryable: false },
  group_denied: { status: 403, title: 'The groups of the caller do not allow this', isRetryable: false },
  ip_denied: { status: 403, title: "The client's address is not allowed", isRetryable: false },
  subscription_inactive: { status: 403, title: 'The subscription is not active', isRetryable: false },
  plan_excludes_api: { status: 403, title: 'The plan does not include this API', isRetryable: false },
  configuration_pending: { status: 503, title: 'The configuration is still on its way', isRetryable: true },
  limit_exceeded: { status: 429, title: 'The limit is used up', isRetryable: true },
  limit_unavailable: { status: 503, title: 'The limit cannot be checked', isRetryable: true },
  upstream_unreachable: { status: 502, title: 'The upstream could not be reached', isRetryable: true },
  upstream_forbidden_address: {
    status: 502,
    title: 'The upstream resolves to an address that is not allowed',
    isRetryable: false,
  },
  upstream_failed: { status: 502, title: 'The upstream broke off its answer', isRetryable: true },
  upstream_overloaded: { status: 503, title: 'The upstream has as much to do as it may', isRetryable: true },
  upstream_timeout: { status: 504, title: 'The upstream did not answer in time', isRetryable: true },
  overloaded: { status: 503, title: 'The gateway has more to do than it can', isRetryable: true },
  // the control plane
  invalid_body: { status: 400, title: 'The request body is not valid', isRetryable: false },
  invalid_query: { status: 400, title: 'The query is not valid', isRetryable: false },
  invalid_document: { status: 422, title: 'The configuration document is not valid', isRetryable: false },
  unauthenticated: { status: 401, title: 'Sign in first', isRetryable: false },
  access_token_invalid: { status: 401, title: 'The access token is not valid', isRetryable: false },
  access_token_scope_missing: { status: 403, title: 'The access token does not reach so far', isRetryable: false },
  fleet_token_invalid: { status: 401, title: 'The fleet token is not valid', isRetryable: false },
  gateway_revoked: { status: 403, title: 'The gateway was revoked', isRetryable: false },
  forbidden: { status: 403, title: 'Your role does not allow this', isRetryable: false },
  platform_plan_exceeded: {
    status: 403,
    title: 'The platform plan of the tenant allows no more',
    isRetryable: false,
  },
  tenant_suspended: { status: 403, title: 'The tenant is suspended', isRetryable: false },
  tenant_deleted: { status: 403, title: 'The tenant is deleted', isRetryable: false },
  cross_origin: { status: 403, title: 'The request comes from another site', isRetryable: false },
  not_found: { status: 404, title: 'There is no such thing', isRetryable: false },
  name_taken: { status: 409, title: 'The name is taken', isRetryable: false },
  still_in_use: { status: 409, title: 'Something else still uses this', isRetryable: false },
  state_conflict: { status: 409, title: 'The state does not allow this', isRetryable: false },
  precondition_failed: { status: 412, title: 'The object was changed meanwhile', isRetryable: false },
  too_large: { status: 413, title: 'The request is too large', isRetryable: false },
  unsupported_media_type: { status: 415, title: 'The media type is not supported', isRetryable: false },
  too_many_requests: { status: 429, title: 'Too many requests', isRetryable: true },
  too_many_attempts: { status: 429, title: 'Too many attempts', isRetryable: true },
  wrong_credentials: { status: 401, title: 'The address or the password is wrong', isRetryable: false },
  wrong_code: { status: 400, title: 'The code is wrong or has expired', isRetryable: false },
  address_unverified: { status: 403, title: 'The address is not verified', isRetryable: false },
  analytics_unavailable: { status: 503, title: 'The numbers cannot be read now', isRetryable: true },
  internal: { status: 500, title: 'Sluice failed to answer', isRetryable: true },
  unavailable: { status: 503, title: 'A part of Sluice cannot be reached', isRetryable: true },
} as const satisfies Record<string, ProblemDefinition>;

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]];

export const fieldErrorSchema = z
  .object({
    pointer: z.string().meta({ description: 'RFC 6901 pointer to the field', examples: ['/name'] }),
    message: z.string(),
    fix: z.string().meta({ description: 'what to write instead' }),
    line: z.int().optional().meta({ description: 'of a text that was sent (a document): where the field is, from 1' }),
    column: z.int().optional().meta({ description: 'where in that line, from 1' }),
  })
  .meta({ id: 'FieldError' });

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(problemCodes),
    requestId: z.string(),
    errors: z.array(fieldErrorSchema).optional(),
  })
  .meta({ id: 'Problem' });

export type FieldError = z.infer<typeof fieldErrorSchema>;
export type Problem = z.infer<typeof problemSchema>;

/** Where `type` points: pages of the project's documentation, one for each code. */
export const problemTypeBase = 'https://sluice.dev/errors/';

/**
 * The public form of a problem. `detail` must be public text: nothing of the inside belongs into it.
 * `instance` is the request's path.
 */
export function problem(
  code: ProblemCode,
  detail: string,
  at: { instance: string; requestId: string; errors?: readonly FieldError[] },
): Problem {
  const { status, title } = problems[code];
  return {
    type: problemTypeBase + code,
    title,
    status,
    detail: cut(detail, mostOfDetail),
    instance: at.instance,
    code,
    requestId: at.requestId,
    ...(at.errors === undefined ? {} : { errors: boundedErrors(at.errors) }),
  };
}

/** The field errors of a failed zod check: the pointer, what is wrong, and the remedy (the schema's own messages are remedies). */
export function fieldErrors(error: z.ZodError, prefix = ''): FieldError[] {
  const found = error.issues.slice(0, mostErrors).map((issue) => ({
    pointer: prefix + issue.path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    message: issue.code === 'invalid_key' ? remedy(issue) : issue.message,
    fix: remedy(issue),
  }));
  return boundedErrors(found);
}

const mostErrors = 100;
const mostKeys = 5;
const mostOfKey = 80;
const mostOfText = 500;
const mostOfPointer = 1000;
const mostOfDetail = 4000;

/** Errors name what was sent, which may be megabytes: nobody is sent those back, least of all many times over. */
export function boundedErrors<Found extends FieldError>(errors: readonly Found[]): Found[] {
  return errors.slice(0, mostErrors).map(bounded);
}

function bounded<Found extends FieldError>(error: Found): Found {
  const { pointer, message, fix } = error;
  return {
    ...error,
    pointer: cut(pointer, mostOfPointer),
    message: cut(message, mostOfText),
    fix: cut(fix, mostOfText),
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}...`;
}

function named(keys: readonly string[]): string {
  const shown = keys.slice(0, mostKeys).map((key) => JSON.stringify(cut(key, mostOfKey)));
  return `${shown.join(', ')}${keys.length > mostKeys ? `, and ${keys.length - mostKeys} more` : ''}`;
}

function remedy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `remove ${named(issue.keys)}`;
    case 'invalid_value':
      return `write one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'invalid_type':
      return `write a value of type ${issue.expected}`;
    case 'too_small':
      return `write at least ${String(issue.minimum)}${unitOf(issue, issue.minimum)}`;
    case 'too_big':
      return `write at most ${String(issue.maximum)}${unitOf(issue, issue.maximum)}`;
    case 'invalid_key':
      return issue.issues.map(remedy).join(', ');
    case 'invalid_union':
      // A union with words of its own says it best.
      if (issue.message !== 'Invalid input') return issue.message;
      return [...new Set(issue.errors.flatMap(([first]) => (first === undefined ? [] : remedy(first))))].join(', or ');
    default:
      return issue.message;
  }
}

function unitOf({ origin }: { origin: string }, bound: number | bigint): string {
  const unit = { string: ' character', array: ' entry' }[origin];
  if (unit === undefined || Number(bound) === 1) return unit ?? '';
  return origin === 'array' ? ' entries' : `${unit}s`;
}
