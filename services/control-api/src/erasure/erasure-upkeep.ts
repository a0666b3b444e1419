// Clears what audit logs say of people who have deleted their accounts: all logs are gone through, a piece in each transaction, from where
// the last one ended.
import { Inject, Injectable } from '@nestjs/common';
import type { Database, Pool } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
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
    super(logger, { intervalMs: 10_000, failure: 'audit logs could not forget somebody; it is tried again soon' });
  }

  protected async round(): Promise<void> {
    if ((await this.open()).length === 0) return;
    await runAlone(this.lockPool, lockName, async () => {
      for (const { id } of await this.open()) while (!this.isStopping && (await this.forgetSome(id)));
    });
  }

  private async open(): Promise<{ readonly id: string }[]> {
    return this.database.inNone((tx) =>
      tx.erasure.findMany({ where: { finishedAt: null }, orderBy: { id: 'asc' }, take: 20, select: { id: true } }),
    );
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
