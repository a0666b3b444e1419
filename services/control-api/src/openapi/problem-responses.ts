// The refusals of an endpoint, by status: those that it names itself, and those that follow from what it is.
import { problems, roles, type ProblemCode } from '@sluice/contracts';
import { actionOf, isForGateways, type EndpointSpec } from '../http/endpoint.js';
import { isPermitted } from '../permissions.js';

export interface EndpointShape {
  readonly spec: EndpointSpec;
  readonly isChange: boolean;
  readonly hasBody: boolean;
  readonly hasQuery: boolean;
  readonly hasPathParameters: boolean;
  /** False for what better-auth answers: it knows sessions alone. */
  readonly takesTokens: boolean;
}

export interface ProblemResponse {
  readonly status: number;
  readonly description: string;
  readonly headers?: DescribedHeaders;
}

export type DescribedHeaders = Readonly<
  Record<string, { readonly description: string; readonly schema: { readonly type: 'string' } }>
>;

/** What every answer says that was counted. */
export const boundHeaders: DescribedHeaders = {
  RateLimit: {
    description: 'what the caller has left of reads or changes, and in how many seconds it is whole again',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': {
    description: 'how many requests a caller has, and in how many seconds',
    schema: { type: 'string' },
  },
};
const retryAfter: DescribedHeaders = {
  'Retry-After': { description: 'in how many seconds to send it again', schema: { type: 'string' } },
};

export function problemCodesOf(shape: EndpointShape): ProblemCode[] {
  const { spec, isChange, hasBody, hasQuery, hasPathParameters, takesTokens } = shape;
  const action = actionOf(spec);
  const isFleet = isForGateways(spec);
  const isRestricted = action !== undefined && !roles.every((role) => isPermitted(role, action));
  return [
    ...new Set<ProblemCode>([
      ...(spec.problems ?? []),
      ...(spec.access === 'public' ? [] : (['unauthenticated'] as const)),
      ...(spec.access === 'public' || !takesTokens ? [] : tokenProblems(spec)),
      ...(action !== undefined && isChange ? (['tenant_suspended', 'tenant_deleted'] as const) : []),
      ...(spec.access !== 'public' && takesTokens && hasBody && hasPathParameters
        ? (['platform_plan_exceeded'] as const)
        : []),
      ...(spec.access === 'operator' ? (['not_found'] as const) : []),
      ...(isRestricted ? (['forbidden'] as const) : []),
      ...(isChange && !isFleet ? (['cross_origin'] as const) : []),
      // A body that nothing asks for is read all the same, unless the method is one that has none.
      ...(hasBody || isChange ? (['invalid_body', 'too_large', 'unsupported_media_type'] as const) : []),
      ...(hasQuery ? (['invalid_query'] as const) : []),
      ...(hasPathParameters ? (['not_found'] as const) : []),
      ...(isChange && spec.hasEtag === true ? (['precondition_failed'] as const) : []),
      ...(spec.isIdempotent === true ? (['state_conflict', 'bad_request'] as const) : []),
      ...(isFleet ? [] : (['too_many_requests'] as const)),
      'internal',
      'unavailable',
    ]),
  ];
}

function tokenProblems({ access }: EndpointSpec): ProblemCode[] {
  const refusals: ProblemCode[] = ['access_token_invalid', 'too_many_attempts'];
  return access === 'token' ? refusals : [...refusals, 'access_token_scope_missing'];
}

export function problemResponses(codes: readonly ProblemCode[]): ProblemResponse[] {
  const statuses = [...new Set(codes.map((code) => problems[code].status))].toSorted((left, right) => left - right);
  return statuses.map((status) => problemResponse(status, codes));
}

function problemResponse(status: number, all: readonly ProblemCode[]): ProblemResponse {
  const codes = all.filter((code) => problems[code].status === status);
  const description = codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('; ');
  if (status !== 429) return { status, description };
  const isCounted = codes.includes('too_many_requests');
  return { status, description, headers: { ...retryAfter, ...(isCounted ? boundHeaders : {}) } };
}
