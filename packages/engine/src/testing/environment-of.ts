// An environment of a test, around a document.
import type { Document } from '@sluice/contracts';
import type { EnvironmentInput } from '../compile.js';

export function environmentOf(document: Document, more: Partial<EnvironmentInput> = {}): EnvironmentInput {
  return {
    tenantId: 'ten_1',
    tenantSlug: 'acme',
    environmentId: 'env_1',
    environmentName: 'production',
    hosts: ['api.acme.test'],
    portalOrigins: ['https://portal.acme.test'],
    revision: 1,
    revisionId: 'rev_1',
    hash: '',
    document,
    ...more,
  };
}
