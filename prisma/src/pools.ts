// Plain connections for the two parties that do not go through the tenant client: better-auth, and the feed.
import pg from 'pg';

export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;

const connectTimeoutMs = 5_000;

/** Of the role `sluice_auth`, which sees the schema `auth` alone. */
export function createAuthPool(url: string, onError: (error: Error) => void, maxConnections = 8): pg.Pool {
  return pool(
    {
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: connectTimeoutMs,
      options: '-c search_path=auth',
    },
    onError,
  );
}

/** Of the role `sluice_feed`, which only reads. One connection is taken by each gateway's snapshot while that lasts, none by its stream. */
export function createFeedPool(url: string, onError: (error: Error) => void, maxConnections = 8): pg.Pool {
  return pool(
    {
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: connectTimeoutMs,
      options: '-c search_path=sluice',
    },
    onError,
  );
}

/** A pool without an error listener ends the process when an idle connection breaks. */
function pool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const made = new pg.Pool(config);
  made.on('error', onError);
  return made;
}
