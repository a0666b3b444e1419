// What an endpoint promises, said once beside its handler: who may call it, what it answers, how it may refuse. The access
// guard reads `action`; the OpenAPI document is made of the whole. Body and query schemas stand at the parameters,
// where Nest reads them too.
import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import type { ProblemCode } from '@sluice/contracts';
import type { z } from 'zod';
import { permissions, type Action } from '../permissions.js';

export const endpointKey = 'sluice:endpoint';

export interface EndpointSpec {
  readonly summary: string;
  /**
   * `public`: anybody. `session`: any person who has signed in. `person`: the same, or with a token of theirs. `token`: whoever
   * sends an access token. `operator`: an operator of the platform who has signed in. Otherwise a member or service account of `{tenant}` whose role permits the action, and whose
   * token, if one was sent, was made for it and for `{environment}`.
   */
  readonly access: 'public' | 'session' | 'person' | 'token' | 'operator' | Action;
  /** True for an action that takes a session: no token is let in. */
  readonly isForPeople?: boolean;
  /** True for a change that may be made of a tenant that is deleted. */
  readonly isForDeleted?: boolean;
  /** What a success answers; none: 204. */
  readonly answer?: z.ZodType;
  /** A success is a stream of these, as lines of JSON. */
  readonly lines?: z.ZodType;
  /** 200 with an answer and 204 without, unless said otherwise. */
  readonly status?: number;
  /** The refusals beyond those that follow from access, body, query and path. */
  readonly problems?: readonly ProblemCode[];
  /** True when the answer carries an ETag, or, on a change, when If-Match is honoured. */
  readonly hasEtag?: boolean;
  /** True when the body is a configuration document's text, YAML or JSON. */
  readonly takesDocument?: boolean;
  /** True when the answer comes as YAML where that is asked for. */
  readonly answersYaml?: boolean;
  /** True when `Idempotency-Key` is honoured. */
  readonly isIdempotent?: boolean;
  /** How many requests it counts as: 1 without it. */
  readonly units?: number;
}

/** Of what every gateway of the fleet has to compile an environment for. */
export const compilingUnits = 10;

export function Endpoint(spec: EndpointSpec): MethodDecorator {
  return applyDecorators(SetMetadata(endpointKey, spec), HttpCode(successStatus(spec)));
}

/** The action of the permission table, where access is one. */
export function actionOf({ access }: EndpointSpec): Action | undefined {
  const isAction = (name: EndpointSpec['access']): name is Action => Object.hasOwn(permissions, name);
  return isAction(access) ? access : undefined;
}

/** True for what gateways call, and nobody else. */
export function isForGateways({ problems = [] }: Pick<EndpointSpec, 'problems'>): boolean {
  return problems.includes('fleet_token_invalid');
}

export function successStatus(spec: EndpointSpec): number {
  return spec.status ?? (spec.answer === undefined && spec.lines === undefined ? 204 : 200);
}
