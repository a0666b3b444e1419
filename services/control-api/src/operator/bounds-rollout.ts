// Tells gateways of a platform plan whose bounds of traffic were changed: all environments of all tenants that are on it are announced again,
// each tenant in a transaction of its own. The plan is marked until that is done, so a control-api that dies in between is
// followed by another one, or by itself.
import { Inject, Injectable } from '@nestjs/common';
import type { Database, PlatformPlan, Pool } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import type { Config } from '../config.js';
import { inPages } from '../database/in-pages.js';
import { runAlone } from '../database/run-alone.js';
import { announceTenant } from '../publish/environment-changes.js';
import { configToken, databaseToken, feedPoolToken, loggerToken } from '../tokens.js';
import { Upkeep } from '../upkeep/upkeep.js';

const lockName = 'sluice platform bounds';

@Injectable()
export class BoundsRollout extends Upkeep {
  constructor(
    @Inject(configToken) private readonly config: Config,
    @Inject(databaseToken) private readonly database: Database,
    @Inject(feedPoolToken) private readonly lockPool: Pool,
    @Inject(loggerToken) logger: Logger,
  ) {
    super(logger, {
      intervalMs: 10_000,
      failure: 'gateways could not be told of a platform plan; it is tried again soon',
    });
  }

  protected async round(): Promise<void> {
    if ((await this.untold()).length === 0) return;
    await runAlone(this.lockPool, lockName, async () => {
      for (const plan of await this.untold()) await this.tell(plan);
    });
  }

  private async untold(): Promise<PlatformPlan[]> {
    return this.database.inNone(async (tx) => tx.platformPlan.findMany({ where: { untoldSince: { not: null } } }));
  }

  private async tell({ name, untoldSince, updatedAt }: PlatformPlan): Promise<void> {
    const tenants = inPages(async ({ after, take }) => {
      const where = { platformPlan: name, id: { gt: after } };
      return this.database.inOperator(async (tx) =>
        tx.tenant.findMany({ where, orderBy: { id: 'asc' }, take, select: { id: true } }),
      );
    });
    for await (const { id } of tenants) {
      if (this.isStopping) return;
      await this.announce(id, name);
    }
    // One that was changed again meanwhile has other times there, and is told again.
    await this.database.inNone(async (tx) =>
      tx.platformPlan.updateMany({ where: { name, untoldSince, updatedAt }, data: { untoldSince: null, updatedAt } }),
    );
  }

  // Whoever publishes for the tenant at this moment has read the bounds before or after: either way this comes last, or has been.
  private async announce(id: string, plan: string): Promise<void> {
    await this.database.inTenant(id, async (tx) => {
      await tx.$queryRaw`SELECT FROM sluice.tenants WHERE id = ${id} FOR UPDATE`;
      const tenant = await tx.tenant.findUnique({ where: { id } });
      if (tenant?.platformPlan === plan) await announceTenant(tx, this.config, tenant);
    });
  }
}
