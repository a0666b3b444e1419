// What the fleet needs now and then: the fleet itself at start, a new history when the database was replaced under a running
// control plane, a feed that does not grow for ever, and no word left of gateways that are gone.
import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import type { Config } from '../config.js';
import { configToken, databaseToken, loggerToken } from '../tokens.js';
import { Upkeep } from '../upkeep/upkeep.js';
import { upstreamHealthRepository } from '../upstreams/upstream-health.repository.js';
import { defaultFleetId, ensureFleet } from './ensure-fleet.js';
import { compactFeed } from './feed-compaction.js';
import { fleetsRepository } from './fleets.repository.js';

// A gateway that was away for less still tells what has changed since.
const silentMs = 86_400_000;
// Containers that are made anew come under new names. A revoked gateway is kept: it must not come again.
const forgottenMs = 30 * 86_400_000;

@Injectable()
export class FleetUpkeep extends Upkeep {
  constructor(
    @Inject(configToken) private readonly config: Config,
    @Inject(databaseToken) private readonly database: Database,
    @Inject(loggerToken) logger: Logger,
  ) {
    super(logger, { intervalMs: 60_000, failure: "the fleet's upkeep failed; it is tried again in a minute" });
  }

  override async onModuleInit(): Promise<void> {
    await ensureFleet(this.database, this.config.fleet.token);
    await super.onModuleInit();
  }

  protected async round(): Promise<void> {
    await ensureFleet(this.database, this.config.fleet.token);
    await compactFeed(this.database, defaultFleetId);
    await this.database.inFleet(defaultFleetId, (tx) => upstreamHealthRepository.forget(tx, defaultFleetId, silentMs));
    await this.database.inNone((tx) => fleetsRepository.forgetGone(tx, defaultFleetId, forgottenMs));
  }
}
