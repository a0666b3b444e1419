// A policy by its name.
import type { AuthenticationPolicy, Policy } from '../policy.js';
import { policies } from './index.js';

const byName: ReadonlyMap<string, Policy> = new Map(policies.map((policy) => [policy.name, policy]));

/** Undefined: this version knows no such policy. */
export function policyOf(name: string): Policy | undefined {
  return byName.get(name);
}

/** A way to authenticate that a compiled route names. */
export function authenticationOf(name: string): AuthenticationPolicy {
  const policy = policyOf(name);
  if (policy?.kind !== 'authentication')
    throw new Error(`the compiled route names ${name}, by which nobody authenticates in this version`);
  return policy;
}
