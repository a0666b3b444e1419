// Publishing and what was published, with the gateways' answers.
import { Inject, Injectable } from '@nestjs/common';
import {
  documentSchema,
  type Document,
  type DocumentDiff,
  type GatewayReceipt,
  type Page,
  type Revision,
} from '@sluice/contracts';
import type { Database, Revision as RevisionWithDocument, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import { readStored } from '../database/read-stored.js';
import { diffOf } from '../document/diff-of.js';
import { namedDocument } from '../document/named-document.js';
import { emptyDocument } from '../document/normal-document.js';
import { findEnvironment } from '../environments/find-environment.js';
import { fleetsRepository, type LiveGateway } from '../fleet/fleets.repository.js';
import { receiptsChannel, receiptsRepository } from '../fleet/receipts.repository.js';
import { Wakeups } from '../fleet/wakeups.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { notFound } from '../http/refusal.js';
import { missingSecrets } from '../secrets/referred-secrets.js';
import { configToken, databaseToken } from '../tokens.js';
import { lockEnvironment } from './lock-environment.js';
import { publishDocumentIn, publishIn, type Published } from './publish-in.js';
import { revisionsRepository, type RevisionRow } from './revisions.repository.js';

const waitMs = 10_000;
const pollMs = 1_000;

@Injectable()
export class RevisionsService {
  constructor(
    @Inject(configToken) private readonly config: Config,
    @Inject(databaseToken) private readonly database: Database,
    @Inject(Wakeups) private readonly wakeups: Wakeups,
  ) {}

  /** @param shouldWait answers when every live gateway has its receipt sent, or 10 s later with those that came. */
  async publish(access: Access, environmentName: string, comment: string, shouldWait: boolean): Promise<Revision> {
    const { tenantId, caller } = access;
    const published = await this.database.inTenant(tenantId, (tx) =>
      publishIn(tx, { config: this.config, tenant: access, environmentName, author: caller.email, comment }),
    );
    return this.answered(access, published, shouldWait);
  }

  /** The document of an earlier revision, as a new one. The draft stays what it is: somebody may be at work on it. */
  async republish(
    access: Access,
    environmentName: string,
    number: number,
    comment: string | undefined,
    shouldWait: boolean,
  ): Promise<Revision> {
    const { tenantId, caller } = access;
    const published = await this.database.inTenant(tenantId, async (tx) => {
      const environment = await lockEnvironment(tenantId, tx, environmentName);
      const earlier = await findRevision(tenantId, tx, environment.id, number);
      const publication = {
        config: this.config,
        tenant: access,
        environmentName,
        author: caller.email,
        comment: comment ?? `Republished revision ${number}`,
      };
      const document = readStored(documentSchema, earlier.document);
      return publishDocumentIn(tx, publication, environment, document, 'revision');
    });
    return this.answered(access, published, shouldWait);
  }

  /** @param against without it: the revision before; nothing, before the first. */
  async diff(
    { tenantId }: Access,
    environmentName: string,
    number: number,
    against: string | undefined,
  ): Promise<DocumentDiff> {
    return this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, environmentName);
      const { document } = await findRevision(tenantId, tx, environment.id, number);
      const before =
        against === undefined && number === 1
          ? emptyDocument
          : await namedDocument(tenantId, tx, environment, against ?? String(number - 1), 'against');
      const after = readStored(documentSchema, document);
      const missing = await missingSecrets(tenantId, tx, environment.id, after);
      return { ...diffOf(before, after), missingSecrets: missing };
    });
  }

  async list({ tenantId }: Access, environmentName: string, query: PageQuery): Promise<Page<Revision>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { id, fleetId, liveRevision } = await findEnvironment(tenantId, tx, environmentName);
      const rows = await revisionsRepository.list(tenantId, tx, id, pageRequest(query));
      const receipts = await receiptsRepository.ofRevisions(
        tenantId,
        tx,
        id,
        rows.map(({ number }) => number),
      );
      const live = await fleetsRepository.liveGateways(tx, fleetId);
      return toPage(rows, query, (row) =>
        revisionAnswer(row, receipts.get(row.number) ?? [], live, row.number === liveRevision),
      );
    });
  }

  async read(
    { tenantId }: Access,
    environmentName: string,
    number: number,
  ): Promise<Revision & { document: Document }> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { id, fleetId, liveRevision } = await findEnvironment(tenantId, tx, environmentName);
      const row = await findRevision(tenantId, tx, id, number);
      const receipts = await receiptsRepository.ofRevisions(tenantId, tx, id, [number]);
      const live = await fleetsRepository.liveGateways(tx, fleetId);
      return {
        ...revisionAnswer(row, receipts.get(number) ?? [], live, number === liveRevision),
        document: readStored(documentSchema, row.document),
      };
    });
  }

  /** After the transaction: the revision with the receipts that came, or in time come, for it. */
  async answered(
    { tenantId }: Access,
    { environment: { id: environmentId, fleetId }, revision }: Published,
    shouldWait: boolean,
  ): Promise<Revision> {
    const deadline = performance.now() + (shouldWait ? waitMs : 0);
    const topic = `${receiptsChannel}:${environmentId}` as const;
    for (;;) {
      const count = this.wakeups.count(topic);
      const { receipts, live } = await this.database.inTenant(tenantId, async (tx) => ({
        receipts:
          (await receiptsRepository.ofRevisions(tenantId, tx, environmentId, [revision.number])).get(revision.number) ??
          [],
        live: await fleetsRepository.liveGateways(tx, fleetId),
      }));
      const answer = revisionAnswer(revision, receipts, live);
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || answer.awaited.length === 0) return answer;
      await this.wakeups.after(topic, count, Math.min(pollMs, leftMs));
    }
  }
}

async function findRevision(
  tenantId: string,
  tx: Tx,
  environmentId: string,
  number: number,
): Promise<RevisionWithDocument> {
  const row = await revisionsRepository.find(tenantId, tx, environmentId, number);
  if (row === null) throw notFound('revision of this number');
  return row;
}

/** @param isAwaited false: another one is live by now, and gateways that have started since never had this one. */
export function revisionAnswer(
  row: RevisionRow,
  receipts: GatewayReceipt[],
  live: readonly LiveGateway[],
  isAwaited = true,
): Revision {
  const { id, number, hash, comment, author, createdAt } = row;
  // By name: the receipt of a gateway that has gone since makes up for none that is behind.
  const have = new Set(receipts.map(({ gatewayId }) => gatewayId));
  const awaited = isAwaited ? live.flatMap((gateway) => (have.has(gateway.id) ? [] : gateway.id)) : [];
  const liveGateways = live.length;
  return { id, number, hash, comment, author, createdAt: createdAt.toISOString(), receipts, liveGateways, awaited };
}
