// The policies as components of the API's description: the contracts know a policy as a name with settings, and the engine
// which names there are and what each takes. Both ways they are what was written: defaults stay unwritten.
import { policies, policySettings } from '@sluice/engine';
import type { JsonSchema } from './components.js';

const mostWays = 8;

/** `Policy`, in the place of the contracts' envelope, and what it refers to. */
export function policyComponents(): Record<string, JsonSchema> {
  const ways = policies.filter(({ kind }) => kind === 'authentication').map(({ name }) => name);
  const refers = (names: readonly string[]): JsonSchema[] =>
    [...names.map(componentName), 'AnyOfPolicies', 'AllOfPolicies'].map((name) => ({
      $ref: `#/components/schemas/${name}`,
    }));
  const several = (name: 'any' | 'all', description: string): JsonSchema =>
    entryOf(name, description, {
      type: 'array',
      minItems: 2,
      maxItems: mostWays,
      items: { $ref: '#/components/schemas/AuthenticationPolicy' },
    });
  return {
    ...Object.fromEntries(
      policies.map(({ name, summary, schema }) => [
        componentName(name),
        entryOf(name, summary, policySettings({ schema })),
      ]),
    ),
    AnyOfPolicies: several('any', 'One of several ways to authenticate is enough. Lists may be nested once.'),
    AllOfPolicies: several('all', 'Each of several ways to authenticate is needed. Lists may be nested once.'),
    AuthenticationPolicy: { oneOf: refers(ways) },
    Policy: { oneOf: refers(policies.map(({ name }) => name)) },
  };
}

function componentName(policy: string): string {
  return `${policy.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Policy`;
}

function entryOf(name: string, description: string, settings: JsonSchema): JsonSchema {
  return {
    type: 'object',
    description,
    properties: { [name]: settings },
    required: [name],
    additionalProperties: false,
  };
}
