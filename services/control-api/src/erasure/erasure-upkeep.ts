// Clears what audit logs say of people who have deleted their accounts: the entries that may speak of one, of all logs, a piece in each
// transaction, from where the last one ended. One that fails waits for the next round, and keeps none behind it waiting.
import { Inject, Injectable } from '@nestjs/common';
import type { Database, Pool } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import { inPages, type Page } from '../database/in-pages.js';
import { loggableError } from '../database/loggable-error.js';
import { runAlone } from '../database/run-alone.js';
import { databaseToken, feedPoolToken, loggerToken } from '../tokens.js';
import { Upkeep } from '../upkeep/upkeep.js';

/** Entries of half a megabyte each, at worst. */
const pieceOf = 500;
const lockName = 'sluice erasures';

@Injectable()
export class ErasureUpkeep extends Upkeep {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(feedPoolToken) private readonly lockPool: Pool,
    @Inject(loggerToken) logger: Logger,
  ) {
    super(logger, {
      intervalMs: 10_000,
      failure: 'whom audit logs are to forget could not be looked for; it is tried again soon',
    });
  }

  protected async round(): Promise<void> {
    if ((await this.open({ after: '', take: 1 })).length === 0) return;
    await runAlone(this.lockPool, lockName, async () => {
      for await (const { id } of inPages(async (page) => this.open(page))) {
        if (this.isStopping) return;
        await this.forget(id);
      }
    });
  }

  private async open({ after, take }: Page): Promise<{ readonly id: string }[]> {
    const where = { finishedAt: null, id: { gt: after } };
    return this.database.inNone(async (tx) =>
      tx.erasure.findMany({ where, orderBy: { id: 'asc' }, take, select: { id: true } }),
    );
  }

  private async forget(id: string): Promise<void> {
    try {
      while (!this.isStopping && (await this.forgetSome(id)));
    } catch (error) {
      this.logger.warn(
        { erasure: id, error: loggableError(error) },
        'audit logs could not forget somebody; it is tried again soon',
      );
    }
  }

  /** True: there is more. */
  private async forgetSome(id: string): Promise<boolean> {
    const [row] = await this.database.inNone(
      (tx) =>
        tx.$queryRaw<{ hasMore: boolean }[]>`SELECT sluice.forget_erased(${id}, ${pieceOf}::integer) AS "hasMore"`,
    );
    return row?.hasMore === true;
  }
}
