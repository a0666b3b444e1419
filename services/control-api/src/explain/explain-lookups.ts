// What an explanation reads of Postgres.
import type { Document } from '@sluice/contracts';
import type { CredentialFact, SubscriptionFact, WeightsFact } from '@sluice/engine';
import type { Credential, Environment, Tx } from '@sluice/prisma';
import { liveDocument } from '../environments/live-document.js';
import { notFound, stateConflict } from '../http/refusal.js';
import { draftDocument } from '../publish/draft-document.js';
import { weightsRepository } from '../publish/weights.repository.js';
import type { Found } from './explain-facts.js';

/** A consumer's explanation knows the keys and subscriptions of one application alone. */
export interface Scope {
  readonly environmentId: string;
  readonly applicationId: string | undefined;
}

export async function documentOf(
  tenantId: string,
  tx: Tx,
  environment: Environment,
  on: 'live' | 'draft',
): Promise<Document> {
  if (on === 'draft') return draftDocument(tenantId, tx, environment.id);
  const live = await liveDocument(tenantId, tx, environment);
  if (live === null) throw nothingPublished();
  return live;
}

export async function liveRevisionId(
  tenantId: string,
  tx: Tx,
  { id: environmentId, liveRevision: number }: Environment,
): Promise<string> {
  const live = await tx.revision.findUnique({
    where: { tenantId_environmentId_number: { tenantId, environmentId, number } },
    select: { id: true },
  });
  if (live === null) throw nothingPublished();
  return live.id;
}

function nothingPublished(): Error {
  return stateConflict('Nothing was published yet, so every host is unknown. Explain on the draft.');
}

export async function weightsOf(
  tenantId: string,
  tx: Tx,
  environmentId: string,
): Promise<ReadonlyMap<string, WeightsFact>> {
  const rows = await weightsRepository.ofEnvironment(tenantId, tx, environmentId);
  return new Map(
    rows.map(({ route, version, weights }) => [route, { version, weights: weights as Record<string, number> }]),
  );
}

export async function credentialById(
  tenantId: string,
  tx: Tx,
  { environmentId, applicationId }: Scope,
  id: string,
): Promise<CredentialFact> {
  const row = await tx.credential.findUnique({
    where: {
      tenantId_id: { tenantId, id },
      subscription: { environmentId, ...(applicationId === undefined ? {} : { applicationId }) },
    },
  });
  if (row === null) throw notFound('credential with this id');
  return credentialFact(row);
}

function credentialFact({ id, subscriptionId, state, expiresAt, scopes }: Credential): CredentialFact {
  return { id, subscriptionId, isRevoked: state === 'revoked', expiresAt: expiresAt?.getTime(), scopes };
}

/** The newest that is good; undefined: there is none. */
export async function newestCredential(
  tenantId: string,
  tx: Tx,
  { environmentId, applicationId }: Scope,
): Promise<CredentialFact | undefined> {
  const row = await tx.credential.findFirst({
    where: {
      tenantId,
      state: 'active',
      isTry: false,
      OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
      subscription: { environmentId, ...(applicationId === undefined ? {} : { applicationId }) },
    },
    orderBy: { id: 'desc' },
  });
  return row === null ? undefined : credentialFact(row);
}

export async function findWanted(
  tenantId: string,
  tx: Tx,
  { environmentId, applicationId }: Scope,
  wanted: { readonly hashes: readonly string[]; readonly subscriptions: readonly string[] },
): Promise<Found> {
  const credentials = await tx.credential.findMany({
    where: { tenantId, hash: { in: [...wanted.hashes] }, subscription: { environmentId } },
    include: { subscription: { select: { applicationId: true } } },
  });
  if (
    applicationId !== undefined &&
    credentials.some(({ subscription }) => subscription.applicationId !== applicationId)
  )
    throw notFound('key of this application among the headers');
  const subscriptions = await tx.subscription.findMany({
    where: {
      tenantId,
      environmentId,
      id: { in: [...wanted.subscriptions] },
      ...(applicationId === undefined ? {} : { applicationId }),
    },
    include: { plan: { select: { name: true } } },
  });
  return {
    credentials: new Map(credentials.map((credential) => [credential.hash, credentialFact(credential)])),
    subscriptions: new Map(
      subscriptions.map(
        ({ id, applicationId: ownerId, plan, state, revision, startedAt, planChanges }): [string, SubscriptionFact] => [
          id,
          {
            id,
            applicationId: ownerId,
            plan: plan.name,
            state,
            revision,
            startedAt: startedAt?.getTime(),
            planChanges,
          },
        ],
      ),
    ),
  };
}
