// Reads the feed, as the role that only reads.
import { Inject, Injectable } from '@nestjs/common';
import type { FeedEntry } from '@sluice/contracts';
import type { Pool, PoolClient } from '@sluice/prisma';
import type { Config } from '../config.js';
import { keyringOf, type Keyring } from '../secrets/keyring.js';
import { withValues } from '../secrets/told-secrets.js';
import { configToken, feedPoolToken } from '../tokens.js';

export interface FeedHead {
  readonly historyId: string;
  readonly position: number;
  /** Left by the last commit: random, and another after each. */
  readonly mark: string;
  /** Up to here, entries that newer ones replace may be gone: who is behind this needs a snapshot. */
  readonly compactedTo: number;
}

interface Row {
  readonly position: string;
  readonly lane: number;
  readonly tenant_id: string;
  readonly environment_id: string;
  readonly change: FeedEntry['change'];
  /** Of a snapshot's rows only its head has one. */
  readonly mark?: string | null;
  readonly previous?: string | null;
}

/** At once, of the pool's eight connections: three more are held by upkeep while it runs alone, and two are for who follows. */
const mostSnapshots = 3;
const pageSize = 500;
/** Documents may have megabytes. */
const documentsAtOnce = 8;
/** As they are stored, which is several times shorter than they are told. */
const mostBytesOfPage = 1024 * 1024;
const columns = 'position, lane, tenant_id, environment_id, change';

// The newest change of each object, without the objects of environments that are gone. Revisions are a lane of their own, and
// in the order of the index nothing has to be sorted or kept.
const goneSql = `
  SELECT environment_id FROM (
    SELECT DISTINCT ON (object_key) environment_id, change FROM sluice.feed
    WHERE fleet_id = $1 AND lane = 3 ORDER BY object_key, position DESC
  ) newest WHERE change -> 'document' = 'null'`;
const newestSql = (lanes: string): string => `
  SELECT DISTINCT ON (object_key) ${columns} FROM sluice.feed
  WHERE fleet_id = $1 AND ${lanes} AND environment_id <> ALL ($2) ORDER BY object_key, position DESC`;

@Injectable()
export class FeedReader {
  private readonly keyring: Keyring;
  private snapshots = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    @Inject(feedPoolToken) private readonly pool: Pool,
    @Inject(configToken) config: Config,
  ) {
    this.keyring = keyringOf(config);
  }

  async head(fleetId: string): Promise<FeedHead> {
    return readHead(this.pool, fleetId);
  }

  /**
   * Whether this database gave the position out with this mark, so that who has it has nothing that is not here. False also
   * where it cannot be told any more.
   */
  async hasGivenOut(fleetId: string, position: number, mark: string): Promise<boolean> {
    const { rows } = await this.pool.query<{ has: boolean }>(
      `SELECT EXISTS (SELECT FROM sluice.fleets WHERE id = $1 AND position = $2::bigint AND mark::text = $3)
        OR EXISTS (SELECT FROM sluice.feed WHERE fleet_id = $1 AND position = $2::bigint + 1 AND previous::text = $3) AS has`,
      [fleetId, position, mark],
    );
    return rows[0]?.has === true;
  }

  /** The next entries in order, at most a page of them. */
  async entriesAfter(fleetId: string, position: number): Promise<FeedEntry[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${columns}, mark, previous FROM (
        SELECT *, sum(pg_column_size(change)) OVER (ORDER BY position) - pg_column_size(change) AS bytes_before
        FROM sluice.feed WHERE fleet_id = $1 AND position > $2 ORDER BY position LIMIT ${pageSize}
      ) page WHERE bytes_before < ${mostBytesOfPage} ORDER BY position`,
      [fleetId, position],
    );
    return withValues(this.pool, this.keyring, rows.map(toEntry));
  }

  /**
   * The feed as of one moment: its head, then every live change in pages, in no order. The transaction stays open for as long
   * as the consumer takes, so a slow gateway holds one connection, of those that are there for snapshots alone; leaving the
   * loop early ends it.
   */
  async *snapshot(fleetId: string): AsyncGenerator<{ head: FeedHead } | { entries: FeedEntry[] }> {
    await this.turn();
    let client: PoolClient | undefined;
    let isDone = false;
    try {
      client = await this.pool.connect();
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      yield { head: await readHead(client, fleetId) };
      const gone = await client.query<{ environment_id: string }>(goneSql, [fleetId]);
      const given = [fleetId, gone.rows.map((row) => row.environment_id)];
      await client.query(`DECLARE documents NO SCROLL CURSOR FOR ${newestSql('lane = 3')}`, given);
      await client.query(`DECLARE others NO SCROLL CURSOR FOR ${newestSql('lane <> 3')}`, given);
      for (const fetch of [`FETCH ${documentsAtOnce} FROM documents`, `FETCH ${pageSize} FROM others`]) {
        for (;;) {
          const { rows } = await client.query<Row>(fetch);
          if (rows.length === 0) break;
          yield { entries: await withValues(client, this.keyring, rows.map(toEntry)) };
        }
      }
      await client.query('COMMIT');
      isDone = true;
    } finally {
      // A connection in the middle of a transaction is not given back, but closed.
      client?.release(!isDone);
      this.passOn();
    }
  }

  // The connections that are left are for those who follow: they ask each second, and shortly.
  private async turn(): Promise<void> {
    if (this.snapshots < mostSnapshots) this.snapshots += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private passOn(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.snapshots -= 1;
    else next();
  }
}

async function readHead(queryable: Pick<Pool, 'query'>, fleetId: string): Promise<FeedHead> {
  const { rows } = await queryable.query<{ history_id: string; position: string; compacted_to: string; mark: string }>(
    'SELECT history_id, position, compacted_to, mark FROM sluice.fleets WHERE id = $1',
    [fleetId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`there is no fleet ${fleetId}`);
  const { history_id: historyId, position, compacted_to: compactedTo, mark } = row;
  return { historyId, position: Number(position), compactedTo: Number(compactedTo), mark };
}

function toEntry({ position, lane, tenant_id, environment_id, change, mark, previous }: Row): FeedEntry {
  return {
    position: Number(position),
    lane: lane as FeedEntry['lane'],
    tenantId: tenant_id,
    environmentId: environment_id,
    change,
    ...(typeof mark === 'string' ? { mark } : {}),
    ...(typeof previous === 'string' ? { previous } : {}),
  };
}
