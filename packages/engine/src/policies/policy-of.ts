// A policy by its name.
import type { Policy } from '../policy.js';
import { policies } from './index.js';

const byName: ReadonlyMap<string, Policy> = new Map(policies.map((policy) => [policy.name, policy]));

/** Undefined: this version knows no such policy. */
export function policyOf(name: string): Policy | undefined {
  return byName.get(name);
}
