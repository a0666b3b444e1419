// What can be wrong with a document that has the right shape: references, hosts and routes that take each other's
// requests. One list of findings answers both publishing (field errors) and gateways (refusals).
import type { FieldError, Receipt } from '@sluice/contracts';

export const findingCodes = [
  'upstream_missing',
  'host_not_claimed',
  'path_not_canonical',
  'template_invalid',
  'regex_unusable',
  'version_unusable',
  'rewrite_invalid',
  'redirect_invalid',
  'answer_invalid',
  'policy_unknown',
  'policy_invalid',
  'policy_repeated',
  'identity_missing',
  'secret_inline',
  'secret_missing',
  'route_repeated',
  'route_shadowed',
  'path_crowded',
  'api_missing',
  'limit_repeated',
] as const;

export type FindingCode = (typeof findingCodes)[number];

export interface Finding {
  readonly code: FindingCode;
  /** The refused object: `apis/orders/routes/list`, `plans/free`. */
  readonly object: string;
  /** RFC 6901, into the document. */
  readonly pointer: string;
  readonly detail: string;
  readonly fix: string;
}

export function toRefusal({ object, code, detail }: Finding): Receipt['refusals'][number] {
  return { object, code, detail };
}

export function toFieldError({ pointer, detail, fix }: Finding): FieldError {
  return { pointer, message: detail, fix };
}

/** Steps as an RFC 6901 pointer. */
export function pointer(...steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
