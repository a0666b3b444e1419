// The refusals of an endpoint, by status: those that it names itself, and those that follow from what it is.
import { problems, roles, type ProblemCode } from '@sluice/contracts';
import type { EndpointSpec } from '../http/endpoint.js';
import { isPermitted } from '../permissions.js';

export interface EndpointShape {
  readonly spec: EndpointSpec;
  readonly isChange: boolean;
  readonly hasBody: boolean;
  readonly hasQuery: boolean;
  readonly hasPathParameters: boolean;
}

export interface ProblemResponse {
  readonly status: number;
  readonly description: string;
}

export function problemCodesOf({ spec, isChange, hasBody, hasQuery, hasPathParameters }: EndpointShape): ProblemCode[] {
  const { access } = spec;
  const isFleet = spec.problems?.includes('fleet_token_invalid') ?? false;
  const isRestricted = access !== 'public' && access !== 'session' && !roles.every((role) => isPermitted(role, access));
  return [
    ...new Set<ProblemCode>([
      ...(spec.problems ?? []),
      ...(access === 'public' ? [] : (['unauthenticated'] as const)),
      ...(isRestricted ? (['forbidden'] as const) : []),
      ...(isChange && !isFleet ? (['cross_origin'] as const) : []),
      ...(hasBody ? (['invalid_body', 'too_large', 'unsupported_media_type'] as const) : []),
      ...(hasQuery ? (['invalid_query'] as const) : []),
      ...(hasPathParameters ? (['not_found'] as const) : []),
      ...(isChange && spec.hasEtag === true ? (['precondition_failed'] as const) : []),
      ...(spec.isIdempotent === true ? (['state_conflict', 'bad_request'] as const) : []),
      'internal',
      'unavailable',
    ]),
  ];
}

export function problemResponses(codes: readonly ProblemCode[]): ProblemResponse[] {
  const statuses = [...new Set(codes.map((code) => problems[code].status))].toSorted((left, right) => left - right);
  return statuses.map((status) => ({
    status,
    description: codes
      .filter((code) => problems[code].status === status)
      .map((code) => `\`${code}\`: ${problems[code].title}`)
      .join('; '),
  }));
}
