// Promotion copies a document, and nothing else: weights, subscriptions and keys stay each environment's own. A draft with
// changes that nobody published is overwritten only by who has seen it, and says so with If-Match.
import { Inject, Injectable } from '@nestjs/common';
import { documentSchema, type Document, type PromoteBody, type Promotion } from '@sluice/contracts';
import type { Database, Environment, Revision, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import { readStored } from '../database/read-stored.js';
import { findEnvironment } from '../environments/find-environment.js';
import { liveDocument } from '../environments/live-document.js';
import { mayAlso, type Access } from '../http/access.js';
import { invalidField, Refusal, stateConflict } from '../http/refusal.js';
import { Tagged } from '../http/tagged.js';
import { draftDocument } from '../publish/draft-document.js';
import { publishDocumentIn, type Published } from '../publish/publish-in.js';
import { revisionsRepository } from '../publish/revisions.repository.js';
import { RevisionsService } from '../publish/revisions.service.js';
import { missingSecrets } from '../secrets/referred-secrets.js';
import { configToken, databaseToken } from '../tokens.js';
import { diffOf } from './diff-of.js';
import { draftEtag, expectDraft } from './expect-draft.js';
import { expectPlansUnused } from './expect-plans-unused.js';
import { lockDraft } from './lock-draft.js';
import { emptyDocument } from './normal-document.js';
import { writeDraft } from './write-draft.js';

interface How {
  readonly isDryRun: boolean;
  readonly shouldWait: boolean;
  readonly ifMatch: string | undefined;
}

type Copied = Omit<Promotion, 'revision'> & { readonly published: Published | undefined; readonly etag: string };

const changeTimeoutMs = 25_000;

@Injectable()
export class PromotionService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(configToken) private readonly config: Config,
    @Inject(RevisionsService) private readonly revisions: RevisionsService,
  ) {}

  async promote(access: Access, environmentName: string, body: PromoteBody, how: How): Promise<Tagged<Promotion>> {
    if (body.to === 'revision' && !mayAlso(access, 'configuration.publish', environmentName))
      throw new Refusal('forbidden', 'This publishes too, which you may not here. Promote to the draft.');
    const { published, etag, ...copied } = await this.database.inTenant(
      access.tenantId,
      async (tx) => this.copy(access, tx, environmentName, body, how),
      { timeoutMs: changeTimeoutMs },
    );
    const revision = published === undefined ? null : await this.revisions.answered(access, published, how.shouldWait);
    return new Tagged({ ...copied, revision }, etag);
  }

  private async copy(
    access: Access,
    tx: Tx,
    environmentName: string,
    { from, revision: number, to, comment }: PromoteBody,
    { isDryRun, ifMatch }: How,
  ): Promise<Copied> {
    const { tenantId, caller } = access;
    const environment = isDryRun
      ? await findEnvironment(tenantId, tx, environmentName)
      : await lockDraft(tenantId, tx, environmentName);
    const source = await sourceOf(access, tx, environment, from, number);
    const wanted = readStored(documentSchema, source.document);
    const draft = await draftDocument(tenantId, tx, environment.id);
    expectDraft(ifMatch, draft, wanted);
    if (ifMatch === undefined) await expectNothingLost(tenantId, tx, environment, draft, wanted);
    const owner = { tenantId, environmentId: environment.id };
    await expectPlansUnused(tx, owner, draft, wanted);
    if (!isDryRun) await writeDraft(tx, owner, draft, wanted);
    const publication = {
      config: this.config,
      tenant: access,
      environmentName,
      author: caller.email,
      comment: comment ?? `Promoted from ${from}, revision ${source.number}`,
    };
    const published =
      isDryRun || to === 'draft'
        ? undefined
        : await publishDocumentIn(tx, publication, environment, wanted, 'revision');
    return {
      ...diffOf(draft, wanted),
      missingSecrets: await missingSecrets(tenantId, tx, environment.id, wanted),
      isDryRun,
      source: { environment: from, revision: source.number, hash: source.hash },
      published,
      etag: draftEtag(isDryRun ? draft : wanted),
    };
  }
}

/** What the caller may not read is not there. */
async function sourceOf(
  access: Access,
  tx: Tx,
  target: Environment,
  name: string,
  number: number | undefined,
): Promise<Revision> {
  const { tenantId } = access;
  const environment = await tx.environment.findUnique({ where: { tenantId_name: { tenantId, name } } });
  if (environment === null || !mayAlso(access, 'configuration.read', name))
    throw invalidField('/from', `there is no environment "${name}"`, 'name another environment of this tenant');
  if (environment.id === target.id)
    throw invalidField('/from', `"${name}" is this environment itself`, 'name another one, or republish a revision');
  const wanted = number ?? environment.liveRevision;
  const revision = await revisionsRepository.find(tenantId, tx, environment.id, wanted);
  if (revision !== null) return revision;
  throw number === undefined
    ? invalidField('/from', `nothing is published in "${name}" yet`, 'publish there first')
    : invalidField('/revision', `"${name}" has no revision ${number}`, 'name one of its revisions');
}

async function expectNothingLost(
  tenantId: string,
  tx: Tx,
  environment: Environment,
  draft: Document,
  wanted: Document,
): Promise<void> {
  const live = (await liveDocument(tenantId, tx, environment)) ?? emptyDocument;
  const etag = draftEtag(draft);
  if (etag === draftEtag(live) || etag === draftEtag(wanted)) return;
  throw stateConflict(
    `The draft of "${environment.name}" has changes that nobody published, and would lose them. Publish or undo them first; or look at the draft, and send its ETag in If-Match to overwrite it.`,
  );
}
