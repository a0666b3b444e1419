// What an endpoint promises, said once beside its handler: who may call it, what it answers, how it may refuse. The access
// guard reads `action`; the OpenAPI document is made of the whole. Body and query schemas stand at the parameters,
// where Nest reads them too.
import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import type { ProblemCode } from '@sluice/contracts';
import type { z } from 'zod';
import type { Action } from '../permissions.js';

export const endpointKey = 'sluice:endpoint';

export interface EndpointSpec {
  readonly summary: string;
  /**
   * `public`: anybody. `session`: any person who has signed in. `person`: the same, or with a token of theirs. `token`: whoever
   * sends an access token. Otherwise a member or service account of `{tenant}` whose role permits the action, and whose
   * token, if one was sent, was made for it and for `{environment}`.
   */
  readonly access: 'public' | 'session' | 'person' | 'token' | Action;
  /** True for an action that takes a session: no token is let in. */
  readonly isForPeople?: boolean;
  /** What a success answers; none: 204. */
  readonly answer?: z.ZodType;
  /** 200 with an answer and 204 without, unless said otherwise. */
  readonly status?: number;
  /** The refusals beyond those that follow from access, body, query and path. */
  readonly problems?: readonly ProblemCode[];
  /** True when the answer carries an ETag, or, on a change, when If-Match is honoured. */
  readonly hasEtag?: boolean;
  /** True when `Idempotency-Key` is honoured. */
  readonly isIdempotent?: boolean;
}

export function Endpoint(spec: EndpointSpec): MethodDecorator {
  return applyDecorators(SetMetadata(endpointKey, spec), HttpCode(successStatus(spec)));
}

export function successStatus(spec: EndpointSpec): number {
  return spec.status ?? (spec.answer === undefined ? 204 : 200);
}
/** The action of the permission table, where access is one. */
export function actionOf({ access }: EndpointSpec): Action | undefined {
  return access === 'public' || access === 'session' || access === 'person' || access === 'token' ? undefined : access;
}

