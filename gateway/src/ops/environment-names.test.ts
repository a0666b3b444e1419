import { compile } from '@sluice/engine';
import { expect, test } from 'vitest';
import type { ThreadChange } from '../snapshot/thread-message.js';
import { EnvironmentNames } from './environment-names.js';

function called(environmentId: string, environmentName: string): ThreadChange {
  const { compiled } = compile({
    tenantId: 'ten_1',
    tenantSlug: 'acme',
    environmentId,
    environmentName,
    hosts: [],
    portalOrigins: [],
    revision: 1,
    revisionId: 'rev_1',
    hash: '',
    document: { sluice: 1, upstreams: {}, apis: {}, plans: {} },
  });
  return { kind: 'environment', environmentId, compiled };
}

test('no two environments have one name: of a deleted one, word may come after its successor', () => {
  const names = new EnvironmentNames();
  names.apply([called('env_1', 'staging')], false);
  names.apply([called('env_2', 'staging')], false);
  expect([names.get('env_1'), names.get('env_2')?.environment]).toEqual([undefined, 'staging']);
  names.apply([{ kind: 'environment-gone', environmentId: 'env_1' }], false);
  expect(names.get('env_2')?.environment).toBe('staging');
});

test('an environment that was called otherwise keeps its new name when another takes the old one', () => {
  const names = new EnvironmentNames();
  names.apply([called('env_1', 'staging')], false);
  names.apply([called('env_1', 'staging-2025')], false);
  names.apply([called('env_2', 'staging')], false);
  expect(['env_1', 'env_2'].map((id) => names.get(id)?.environment)).toEqual(['staging-2025', 'staging']);
});
