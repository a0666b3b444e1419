// A feed entry as what threads enforce. A revision whose hash is not its document's, or that this version does not
// understand, is refused with a receipt, and the environment keeps what it had. That holds for one that breaks the
// compiler too: thrown on, it would end the feed for all tenants, again at every connection.
import { createHash } from 'node:crypto';
import type { Receipt } from '@sluice/contracts';
import { canonicalJson, documentSchema, fieldErrors } from '@sluice/contracts';
import type { CompileResult, Secrets } from '@sluice/engine';
import { compile } from '@sluice/engine';
import { assertNever } from '@sluice/runtime';
import type { ReceivedChange, ReceivedEntry, ReceivedEnvironment } from './received.js';
import type { ThreadChange } from './thread-message.js';

const none: Secrets = new Map();

export interface Translated {
  /** Undefined: nothing changes. */
  readonly change: ThreadChange | undefined;
  /** Of a revision; to be sent when the last thread has swapped. */
  readonly receipt: Receipt | undefined;
}

/** @param secrets of the entry's environment. What refers to one that is not there is refused by receipt. */
export function toThreadChange(entry: ReceivedEntry, secrets: Secrets = none): Translated {
  const { change } = entry;
  if (change.kind === 'environment') return translateEnvironment(entry, change, secrets);
  // It is in force with the documents that refer to it.
  if (change.kind === 'secret') return { change: undefined, receipt: undefined };
  return { change: translate(entry.environmentId, change), receipt: undefined };
}

function translateEnvironment(entry: ReceivedEntry, environment: ReceivedEnvironment, secrets: Secrets): Translated {
  const { tenantId, environmentId } = entry;
  const { document, revision, revisionId } = environment;
  if (document === null) return { change: { kind: 'environment-gone', environmentId }, receipt: undefined };
  const receipt = (state: Receipt['state'], refusals: Receipt['refusals']): Receipt => ({
    tenantId,
    environmentId,
    revision,
    revisionId,
    state,
    refusals,
  });
  let result: ReturnType<typeof compileDocument>;
  try {
    result = compileDocument(entry, environment, secrets);
  } catch (error) {
    const detail = `this gateway fails to compile it: ${error instanceof Error ? error.message : String(error)}`;
    result = { refusal: { object: 'document', code: 'document_not_understood', detail } };
  }
  if ('refusal' in result) return { change: undefined, receipt: receipt('refused', [result.refusal]) };
  const { compiled, refusals } = result;
  return { change: { kind: 'environment', environmentId, compiled }, receipt: receipt('applied', refusals) };
}

function compileDocument(
  { tenantId, environmentId }: ReceivedEntry,
  environment: ReceivedEnvironment,
  secrets: Secrets,
): CompileResult | { readonly refusal: Receipt['refusals'][number] } {
  const { document, hash } = environment;
  const actual = createHash('sha256').update(canonicalJson(document)).digest('hex');
  if (actual !== hash)
    return {
      refusal: { object: 'document', code: 'hash_mismatch', detail: `the document's hash is ${actual}, not ${hash}` },
    };
  const parsed = documentSchema.safeParse(document);
  if (parsed.success) return compile({ ...environment, tenantId, environmentId, document: parsed.data, secrets });
  const [first] = fieldErrors(parsed.error);
  return {
    refusal: {
      object: first?.pointer ?? 'document',
      code: 'document_not_understood',
      detail: `this gateway cannot read it: ${first?.message ?? 'unknown'}. Update the gateway.`,
    },
  };
}

function translate(
  environmentId: string,
  change: Exclude<ReceivedChange, { kind: 'environment' | 'secret' }>,
): ThreadChange {
  switch (change.kind) {
    case 'weights':
      return {
        kind: 'weights',
        environmentId,
        route: change.route,
        weights: { version: change.version, weights: change.weights },
      };
    case 'subscription': {
      const { id, applicationId, plan, state, revision, startedAt, planChanges } = change;
      return {
        kind: 'subscription',
        environmentId,
        subscription: { id, applicationId, plan, state, revision, startedAt, planChanges },
      };
    }
    case 'credential': {
      const { id, subscriptionId, hash, state, expiresAt, scopes } = change;
      const plain = { id, subscriptionId, isRevoked: state === 'revoked' };
      const credential = expiresAt === undefined && scopes === undefined ? plain : { ...plain, expiresAt, scopes };
      return { kind: 'try-credential', environmentId, hash, credential };
    }
    default:
      return assertNever(change);
  }
}
