// A feed entry as what threads enforce. A revision whose hash is not its document's, or that this version does not
// understand, is refused with a receipt, and the environment keeps what it had.
import { createHash } from 'node:crypto';
import type { Receipt } from '@sluice/contracts';
import { canonicalJson, documentSchema, fieldErrors } from '@sluice/contracts';
import { compile } from '@sluice/engine';
import { assertNever } from '@sluice/runtime';
import type { ReceivedChange, ReceivedEntry, ReceivedEnvironment } from './received.js';
import type { ThreadChange } from './thread-message.js';

export interface Translated {
  /** Undefined: nothing changes. */
  readonly change: ThreadChange | undefined;
  /** Of a revision; to be sent when the last thread has swapped. */
  readonly receipt: Receipt | undefined;
}

export function toThreadChange(entry: ReceivedEntry): Translated {
  const { change } = entry;
  if (change.kind === 'environment') return translateEnvironment(entry, change);
  return { change: translate(entry.environmentId, change), receipt: undefined };
}

function translateEnvironment(
  { tenantId, environmentId }: ReceivedEntry,
  environment: ReceivedEnvironment,
): Translated {
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
  const refuse = (object: string, code: string, detail: string): Translated => ({
    change: undefined,
    receipt: receipt('refused', [{ object, code, detail }]),
  });

  const actual = createHash('sha256').update(canonicalJson(document)).digest('hex');
  if (actual !== environment.hash)
    return refuse('document', 'hash_mismatch', `the document's hash is ${actual}, not ${environment.hash}`);
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) {
    const [first] = fieldErrors(parsed.error);
    return refuse(
      first?.pointer ?? 'document',
      'document_not_understood',
      `this gateway cannot read it: ${first?.message ?? 'unknown'}. Update the gateway.`,
    );
  }
  const { compiled, refusals } = compile({ ...environment, tenantId, environmentId, document: parsed.data });
  return { change: { kind: 'environment', environmentId, compiled }, receipt: receipt('applied', refusals) };
}

function translate(environmentId: string, change: Exclude<ReceivedChange, { kind: 'environment' }>): ThreadChange {
  switch (change.kind) {
    case 'weights':
      return {
        kind: 'weights',
        environmentId,
        route: change.route,
        weights: { version: change.version, weights: change.weights },
      };
    case 'subscription': {
      const { id, applicationId, plan, state, revision } = change;
      return { kind: 'subscription', environmentId, subscription: { id, applicationId, plan, state, revision } };
    }
    case 'credential': {
      const { id, subscriptionId, hash, state } = change;
      return {
        kind: 'credential',
        environmentId,
        hash,
        credential: { id, subscriptionId, isRevoked: state === 'revoked' },
      };
    }
    default:
      return assertNever(change);
  }
}
