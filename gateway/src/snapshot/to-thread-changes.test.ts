import { expect, test } from 'vitest';
import type { ReceivedEntry } from './received.js';
import { toThreadChange } from './to-thread-changes.js';

const entryOf = (document: unknown): ReceivedEntry => ({
  position: 1,
  lane: 3,
  tenantId: 'ten_1',
  environmentId: 'env_1',
  change: {
    kind: 'environment',
    tenantSlug: 'acme',
    environmentName: 'production',
    hosts: ['api.acme.test'],
    portalOrigins: [],
    revision: 7,
    revisionId: 'rev_7',
    hash: '',
    document,
  },
});

test('a document that breaks the reading of it is refused by receipt: the other tenants’ changes go on', () => {
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  const { change, receipt } = toThreadChange(entryOf(deep));
  expect(change).toBeUndefined();
  expect(receipt).toMatchObject({
    environmentId: 'env_1',
    revision: 7,
    state: 'refused',
    refusals: [{ object: 'document', code: 'document_not_understood' }],
  });
});
