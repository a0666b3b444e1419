// Rotation of the master key. Secrets that another key than the first of SECRET_KEYS has sealed are sealed anew by it, a batch
// at a time, at start and then every minute; the log says how far it has come. An older key is needed for as long as one is
// left. What no key here opens is told as an error, each time: those secrets are lost unless the key comes back.
import { Inject, Injectable } from '@nestjs/common';
import type { Database, Pool } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import type { Config } from '../config.js';
import { configToken, databaseToken, feedPoolToken, loggerToken } from '../tokens.js';
import { Upkeep } from '../upkeep/upkeep.js';
import { keyringOf, type Keyring } from './keyring.js';
import { secretsRepository } from './secrets.repository.js';

const batchSize = 200;

interface Standing {
  readonly current: number;
  /** Sealed by an older key that is here. */
  readonly older: number;
  /** Sealed by a key that is not here. */
  readonly unknown: number;
}

@Injectable()
export class Resealing extends Upkeep {
  private readonly keyring: Keyring;
  private told = '';

  constructor(
    @Inject(configToken) config: Config,
    @Inject(databaseToken) private readonly database: Database,
    @Inject(feedPoolToken) private readonly pool: Pool,
    @Inject(loggerToken) logger: Logger,
  ) {
    super(logger, {
      intervalMs: 60_000,
      failure: 'the keys of secrets were not looked at; it is tried again in a minute',
    });
    this.keyring = keyringOf(config);
  }

  override async onModuleInit(): Promise<void> {
    this.wake();
    await super.onModuleInit();
  }

  protected async round(): Promise<void> {
    let standing = await this.standing();
    this.tell(standing);
    while (standing.older > 0 && !this.isStopping) {
      const done = await this.resealBatch();
      standing = await this.standing();
      this.logger.info({ ...standing, resealed: done }, 'secrets are being sealed by the new key');
      if (done === 0) break;
    }
  }

  private tell(standing: Standing): void {
    const text = JSON.stringify(standing);
    if (standing.unknown > 0)
      this.logger.error(
        standing,
        'secrets were sealed by a key that is not in SECRET_KEYS: gateways refuse what refers to them. Add the key, or set those secrets again',
      );
    else if (text !== this.told && this.told !== '') this.logger.info(standing, 'the keys that secrets are sealed by');
    this.told = text;
  }

  /** Across tenants: the role of the feed reads rows, sealed, and changes none. */
  private async standing(): Promise<Standing> {
    const { rows } = await this.pool.query<{ key_id: string; secrets: number }>(
      'SELECT key_id, count(*)::int AS secrets FROM sluice.secrets GROUP BY key_id ORDER BY key_id',
    );
    const sumOf = (isCounted: (keyId: string) => boolean): number =>
      rows.filter((row) => isCounted(row.key_id)).reduce((sum, { secrets }) => sum + secrets, 0);
    const { currentKeyId } = this.keyring;
    return {
      current: sumOf((keyId) => keyId === currentKeyId),
      older: sumOf((keyId) => keyId !== currentKeyId && this.keyring.has(keyId)),
      unknown: sumOf((keyId) => !this.keyring.has(keyId)),
    };
  }

  /** As each tenant, one secret a transaction: nobody waits for it. Returns how many were sealed anew. */
  private async resealBatch(): Promise<number> {
    const older = this.keyring.olderKeyIds;
    const { rows } = await this.pool.query<{ tenant_id: string; environment_id: string; name: string }>(
      `SELECT tenant_id, environment_id, name FROM sluice.secrets WHERE key_id = ANY ($1) ORDER BY key_id, id LIMIT ${batchSize}`,
      [older],
    );
    let done = 0;
    for (const { tenant_id: tenantId, environment_id: environmentId, name } of rows) {
      if (this.isStopping) break;
      const isDone = await this.database.inTenant(tenantId, async (tx) => {
        const row = await secretsRepository.find(tenantId, tx, environmentId, name);
        const value = row === null ? undefined : this.keyring.open(row, row);
        if (row === null || value === undefined || row.keyId === this.keyring.currentKeyId) return false;
        return secretsRepository.reseal(tenantId, tx, row, this.keyring.seal(row, value));
      });
      if (isDone) done += 1;
    }
    return done;
  }
}
