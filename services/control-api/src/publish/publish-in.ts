// Publishing, as a part of any transaction of the tenant: a document is checked as the gateways will check it, and becomes a
// revision and an entry of the feed, or nothing. Current weights are not touched: they are the gateways' state, not the
// document's. Only those of routes that somebody took out of the draft end when that is published, and come back with a revision.
import { documentSchema, fieldErrors, newId, type Document } from '@sluice/contracts';
import { validateDocument, type Secrets } from '@sluice/engine';
import type { Environment, Revision, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import { readStored } from '../database/read-stored.js';
import { appendToFeed } from '../fleet/append-to-feed.js';
import { provableHosts, servedHosts } from '../hosts/served-hosts.js';
import { asJson } from '../http/json.js';
import { Refusal } from '../http/refusal.js';
import { keyringOf } from '../secrets/keyring.js';
import { openSecrets } from '../secrets/referred-secrets.js';
import { documentHash } from './document-hash.js';
import { draftDocument } from './draft-document.js';
import { environmentChange, type TenantName } from './environment-changes.js';
import { expectServed } from './expect-served.js';
import { platformBoundsIn } from './platform-bounds.js';
import { forgetWeights, rememberWeights } from './forget-weights.js';
import { lockEnvironment } from './lock-environment.js';

export interface Publication {
  readonly config: Config;
  readonly tenant: TenantName;
  readonly environmentName: string;
  /** A name or address, for people. */
  readonly author: string;
  readonly comment: string;
}

export interface Published {
  readonly environment: Environment;
  readonly revision: Revision;
  /** Of the feed; null when the draft was live already, and nothing was added. */
  readonly position: number | null;
}

/**
 * The draft. The last thing of its transaction, but for other changes of the feed. Throws the refusal `invalid_document`,
 * which rolls the transaction back, when a gateway would refuse any object of it. Hosts that are not proven yet are no reason: a
 * gateway refuses the routes that name them, until they are.
 */
export async function publishIn(tx: Tx, publication: Publication): Promise<Published> {
  const { tenantId } = publication.tenant;
  const environment = await lockEnvironment(tenantId, tx, publication.environmentName);
  return publishDocumentIn(tx, publication, environment, await draftDocument(tenantId, tx, environment.id), 'draft');
}

/** Any document, as a revision of an environment that is locked; otherwise as `publishIn`. */
export async function publishDocumentIn(
  tx: Tx,
  { config, tenant, author, comment }: Publication,
  environment: Environment,
  document: Document,
  from: 'draft' | 'revision',
): Promise<Published> {
  const { tenantId } = tenant;
  const { id: environmentId, fleetId, liveRevision } = environment;
  await expectServed(tx, tenantId);
  const hosts = await servedHosts(tenant, tx, config, environment);
  const secrets = await openSecrets(tenantId, tx, environmentId, document, keyringOf(config));
  expectValid(document, provableHosts(hosts, document, config), secrets);
  const hash = documentHash(document);

  const live =
    liveRevision === 0
      ? null
      : await tx.revision.findUniqueOrThrow({
          where: { tenantId_environmentId_number: { tenantId, environmentId, number: liveRevision } },
        });
  if (live?.hash === hash) return { environment, revision: live, position: null };

  const number = liveRevision + 1;
  const revision = await tx.revision.create({
    data: { id: newId('revision'), tenantId, environmentId, number, hash, document: asJson(document), comment, author },
  });
  const updated = await tx.environment.update({
    where: { tenantId_id: { tenantId, id: environmentId } },
    data: { liveRevision: number },
  });
  const change = {
    ...environmentChange(config, tenant, environment, revision, document, hosts),
    ...(await platformBoundsIn(tx, tenantId)),
  };
  // Weights that come back are there before their routes, those that end go after them: nobody gets an arm in between.
  const isReturn = from === 'revision' && live !== null;
  const position = await appendToFeed(tx, fleetId, tenantId, environmentId, [
    ...(isReturn
      ? await rememberWeights(tenantId, tx, environmentId, readStored(documentSchema, live.document), document)
      : []),
    change,
    ...(from === 'draft' ? await forgetWeights(tenantId, tx, environmentId, document) : []),
  ]);
  return { environment: updated, revision, position };
}

function expectValid(document: Document, hosts: readonly string[], secrets: Secrets): void {
  const read = documentSchema.safeParse(document);
  const errors = read.success ? validateDocument(document, hosts, secrets) : fieldErrors(read.error);
  if (errors.length === 0) return;
  const named = errors
    .slice(0, 3)
    .map(({ message }) => message)
    .join('; ');
  throw new Refusal(
    'invalid_document',
    `It cannot be published: ${named}${errors.length > 3 ? '; and more' : ''}.`,
    errors.slice(0, 50),
  );
}
