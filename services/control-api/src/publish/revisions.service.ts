// Publishing and what was published, with the gateways' answers.
import { Inject, Injectable } from '@nestjs/common';
import { documentSchema, type Document, type GatewayReceipt, type Page, type Revision } from '@sluice/contracts';
import type { Database } from '@sluice/prisma';
import type { Config } from '../config.js';
import { readStored } from '../database/read-stored.js';
import { findEnvironment } from '../environments/find-environment.js';
import { fleetsRepository, type LiveGateway } from '../fleet/fleets.repository.js';
import { receiptsChannel, receiptsRepository } from '../fleet/receipts.repository.js';
import { Wakeups } from '../fleet/wakeups.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { notFound } from '../http/refusal.js';
import { configToken, databaseToken } from '../tokens.js';
import { draftDocument } from './draft-document.js';
import { publishIn } from './publish-in.js';
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

  async draft({ tenantId }: Access, environmentName: string): Promise<Document> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { id } = await findEnvironment(tenantId, tx, environmentName);
      return draftDocument(tenantId, tx, id);
    });
  }

  /** @param shouldWait answers when every live gateway has its receipt sent, or 10 s later with those that came. */
  async publish(access: Access, environmentName: string, comment: string, shouldWait: boolean): Promise<Revision> {
    const { tenantId, caller } = access;
    const { environment, revision } = await this.database.inTenant(tenantId, (tx) =>
      publishIn(tx, { config: this.config, tenant: access, environmentName, author: caller.email, comment }),
    );
    return this.answered(tenantId, environment.id, environment.fleetId, revision, shouldWait ? waitMs : 0);
  }

  async list({ tenantId }: Access, environmentName: string, query: PageQuery): Promise<Page<Revision>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { id, fleetId } = await findEnvironment(tenantId, tx, environmentName);
      const rows = await revisionsRepository.list(tenantId, tx, id, pageRequest(query));
      const receipts = await receiptsRepository.ofRevisions(
        tenantId,
        tx,
        id,
        rows.map(({ number }) => number),
      );
      const live = await fleetsRepository.liveGateways(tx, fleetId);
      return toPage(rows, query, (row) => revisionAnswer(row, receipts.get(row.number) ?? [], live));
    });
  }

  async read(
    { tenantId }: Access,
    environmentName: string,
    number: number,
  ): Promise<Revision & { document: Document }> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { id, fleetId } = await findEnvironment(tenantId, tx, environmentName);
      const row = await revisionsRepository.find(tenantId, tx, id, number);
      if (row === null) throw notFound('revision of this number');
      const receipts = await receiptsRepository.ofRevisions(tenantId, tx, id, [number]);
      const live = await fleetsRepository.liveGateways(tx, fleetId);
      return {
        ...revisionAnswer(row, receipts.get(number) ?? [], live),
        document: readStored(documentSchema, row.document),
      };
    });
  }

  private async answered(
    tenantId: string,
    environmentId: string,
    fleetId: string,
    revision: RevisionRow,
    forMs: number,
  ): Promise<Revision> {
    const deadline = performance.now() + forMs;
    const topic = `${receiptsChannel}:${environmentId}` as const;
    for (;;) {
      const count = this.wakeups.count(topic);
      const { receipts, live } = await this.database.inTenant(tenantId, async (tx) => ({
        receipts:
          (await receiptsRepository.ofRevisions(tenantId, tx, environmentId, [revision.number])).get(revision.number) ??
          [],
        live: await fleetsRepository.liveGateways(tx, fleetId),
      }));
      const have = new Set(receipts.map(({ gatewayId }) => gatewayId));
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || live.every(({ id }) => have.has(id))) return revisionAnswer(revision, receipts, live);
      await this.wakeups.after(topic, count, Math.min(pollMs, leftMs));
    }
  }
}

export function revisionAnswer(row: RevisionRow, receipts: GatewayReceipt[], live: readonly LiveGateway[]): Revision {
  const { id, number, hash, comment, author, createdAt } = row;
  return { id, number, hash, comment, author, createdAt: createdAt.toISOString(), receipts, liveGateways: live.length };
}
