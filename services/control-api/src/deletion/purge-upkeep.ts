// Carries out purges as they fall due, one after the other. Of several control-apis one does it at a time. A purge that fails waits
// for the next round, and keeps none behind it waiting.
import { Inject, Injectable } from '@nestjs/common';
import type { ClickHouseClient } from '@sluice/clickhouse';
import { newId } from '@sluice/contracts';
import type { Database, Pool, Purge } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import type { Config } from '../config.js';
import { inPages, type Page } from '../database/in-pages.js';
import { loggableError } from '../database/loggable-error.js';
import { runAlone } from '../database/run-alone.js';
import type { LimitBudgets } from '../explain/limit-budgets.js';
import {
  clickhouseToken,
  configToken,
  databaseToken,
  feedPoolToken,
  limitBudgetsToken,
  loggerToken,
} from '../tokens.js';
import { Upkeep } from '../upkeep/upkeep.js';
import { lockTenant } from './lock-tenant.js';
import { runPurge } from './purge-run.js';

const lockName = 'sluice purges';

@Injectable()
export class PurgeUpkeep extends Upkeep {
  constructor(
    @Inject(configToken) private readonly config: Config,
    @Inject(databaseToken) private readonly database: Database,
    @Inject(feedPoolToken) private readonly lockPool: Pool,
    @Inject(clickhouseToken) private readonly clickhouse: ClickHouseClient,
    @Inject(limitBudgetsToken) private readonly limitBudgets: LimitBudgets,
    @Inject(loggerToken) logger: Logger,
  ) {
    super(logger, { intervalMs: 10_000, failure: 'purges could not be looked for; it is tried again soon' });
  }

  protected async round(): Promise<void> {
    if (!(await this.hasWork())) return;
    await runAlone(this.lockPool, lockName, async () => {
      for await (const tenant of inPages(async (page) => this.dueTenants(page))) {
        if (this.isStopping) return;
        await this.begin(tenant);
      }
      for await (const purge of inPages(async (page) => this.duePurges(page))) {
        if (this.isStopping) return;
        await this.purge(purge);
      }
    });
  }

  // Asked without the lock, every few seconds: most rounds have nothing to do.
  private async hasWork(): Promise<boolean> {
    const first = { after: '', take: 1 };
    return (await this.dueTenants(first)).length > 0 || (await this.duePurges(first)).length > 0;
  }

  private async dueTenants({ after, take }: Page): Promise<{ readonly id: string }[]> {
    const where = { purgeAt: { lte: this.settledBefore() }, id: { gt: after } };
    return this.database.inOperator(async (tx) =>
      tx.tenant.findMany({ where, orderBy: { id: 'asc' }, take, select: { id: true } }),
    );
  }

  private async duePurges({ after, take }: Page): Promise<Purge[]> {
    const where = { finishedAt: null, deletedAt: { lte: this.settledBefore() }, id: { gt: after } };
    return this.database.inNone(async (tx) => tx.purge.findMany({ where, orderBy: { id: 'asc' }, take }));
  }

  private settledBefore(): Date {
    return new Date(Date.now() - this.config.deletion.settleSeconds * 1000);
  }

  /** From here on such a tenant cannot be restored. One that was restored just before is left alone. */
  private async begin({ id }: { readonly id: string }): Promise<void> {
    try {
      await this.database.inTenant(id, async (tx) => {
        const { slug, title, deletedAt } = await lockTenant(tx, id);
        const known = await tx.purge.count({ where: { ofTenant: id, ofEnvironment: null } });
        if (known > 0 || deletedAt === null) return;
        const data = { id: newId('purge'), ofTenant: id, ofEnvironment: null, slug, name: title, deletedAt, done: {} };
        await tx.purge.create({ data });
      });
    } catch (error) {
      this.logger.warn({ tenant: id, error: loggableError(error) }, 'a purge could not begin; it is tried again soon');
    }
  }

  private async purge(purge: Purge): Promise<void> {
    const { id, ofTenant, ofEnvironment } = purge;
    const about = { purge: id, tenant: ofTenant, environment: ofEnvironment };
    const stopped = new Error('control-api stops');
    const onPiece = (): void => {
      if (this.isStopping) throw stopped;
    };
    const { database, clickhouse, limitBudgets } = this;
    try {
      await runPurge({ database, clickhouse, limitBudgets, onPiece }, purge);
      this.logger.info(about, 'purged');
    } catch (error) {
      if (error === stopped) return;
      this.logger.warn({ ...about, error: loggableError(error) }, 'a purge was cut off; it goes on in the next round');
    }
  }
}
