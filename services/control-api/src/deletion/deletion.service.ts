// The end of a tenant: deleted by its owner or the operator, it is off every gateway at once and can only be read; for the days of
// grace it can be restored as it was. What comes after is the purge's.
import { Inject, Injectable } from '@nestjs/common';
import type { Page, Purge, Tenant } from '@sluice/contracts';
import { purgeDoneSchema } from '@sluice/contracts';
import type { Database, Purge as PurgeRow } from '@sluice/prisma';
import type { Config } from '../config.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { invalidQuery, stateConflict } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { announceTenant } from '../publish/environment-changes.js';
import { tenantAnswer } from '../tenants/tenant-answer.js';
import { configToken, databaseToken } from '../tokens.js';
import { lockTenant } from './lock-tenant.js';

const dayMs = 86_400_000;

export interface Confirmation {
  readonly slug: string;
  /** What was typed. */
  readonly confirm: string;
}

@Injectable()
export class DeletionService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(configToken) private readonly config: Config,
  ) {}

  async remove(tenantId: string, { slug, confirm }: Confirmation, ifMatch?: string): Promise<Tagged<Tenant>> {
    return this.database.inTenant(tenantId, async (tx) => {
      await expectMatch(tx, 'tenants', ifMatch, { id: tenantId });
      if (confirm !== slug)
        throw invalidQuery('/confirm', `this deletes the tenant ${slug}`, `type its slug, ${slug}, if you mean it`);
      const before = await lockTenant(tx, tenantId);
      if (before.deletedAt !== null) throw stateConflict('This tenant is deleted already. It can be restored.');
      const deletedAt = new Date();
      const purgeAt = new Date(deletedAt.getTime() + this.config.deletion.graceDays * dayMs);
      const row = await tx.tenant.update({ where: { id: tenantId }, data: { deletedAt, purgeAt } });
      await announceTenant(tx, this.config, row);
      return tagged(row, tenantAnswer(row));
    });
  }

  async restore(tenantId: string): Promise<Tagged<Tenant>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const before = await lockTenant(tx, tenantId);
      if (before.purgeAt === null) throw stateConflict('This tenant is not deleted: there is nothing to restore.');
      if (before.purgeAt.getTime() <= Date.now())
        throw stateConflict('The days in which this tenant could be restored are over: it is being purged.');
      const row = await tx.tenant.update({ where: { id: tenantId }, data: { deletedAt: null, purgeAt: null } });
      await announceTenant(tx, this.config, row);
      return tagged(row, tenantAnswer(row));
    });
  }

  async purges(query: PageQuery): Promise<Page<Purge>> {
    const { after, take } = pageRequest(query);
    const rows = await this.database.inNone(async (tx) =>
      tx.purge.findMany({ where: after === undefined ? {} : { id: { gt: after } }, orderBy: { id: 'asc' }, take }),
    );
    return toPage(rows, query, purgeAnswer);
  }
}

function purgeAnswer(row: PurgeRow): Purge {
  const { id, ofTenant, ofEnvironment, slug, name, deletedAt, startedAt, finishedAt, done } = row;
  return {
    id,
    tenantId: ofTenant,
    environmentId: ofEnvironment,
    slug,
    name,
    deletedAt: deletedAt.toISOString(),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    done: purgeDoneSchema.parse(done),
  };
}
