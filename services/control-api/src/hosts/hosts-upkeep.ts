// Looks for the records of claims again, for as long as they are claimed: those that wait to be proven, and those that are. Every
// control-api does so; each claim that is due is taken by one of them, and comes back if that one dies over it.
import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import { loggableError } from '../database/loggable-error.js';
import { databaseToken, loggerToken } from '../tokens.js';
import { Upkeep } from '../upkeep/upkeep.js';
import { HostChecks } from './host-checks.js';
import { hostsRepository, type DueClaim } from './hosts.repository.js';

const batchSize = 40;
const atOnce = 8;

@Injectable()
export class HostsUpkeep extends Upkeep {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(HostChecks) private readonly checks: HostChecks,
    @Inject(loggerToken) logger: Logger,
  ) {
    super(logger, { intervalMs: 30_000, failure: 'the upkeep of claimed hosts failed; it is tried again' });
  }

  protected async round(): Promise<void> {
    await this.look();
  }

  /** Looks for all that is due, and returns how many that were. */
  async look(): Promise<number> {
    let looked = 0;
    const fleets = await this.database.inNone(async (tx) => tx.fleet.findMany({ select: { id: true } }));
    for (const { id } of fleets) looked += await this.ofFleet(id);
    return looked;
  }

  private async ofFleet(fleetId: string): Promise<number> {
    let looked = 0;
    while (!this.isStopping) {
      const due = await this.database.inFleet(fleetId, async (tx) => hostsRepository.takeDue(tx, fleetId, batchSize));
      if (due.length === 0) break;
      const waiting = due.values();
      await Promise.all(Array.from({ length: atOnce }, async () => this.work(waiting)));
      looked += due.length;
    }
    return looked;
  }

  private async work(waiting: Iterator<DueClaim>): Promise<void> {
    for (let next = waiting.next(); next.done !== true && !this.isStopping; next = waiting.next())
      try {
        await this.checks.check(next.value, false);
      } catch (error) {
        this.logger.warn(
          { error: loggableError(error), claim: next.value.id },
          "the look for a host's record failed; it is tried again",
        );
      }
  }
}
