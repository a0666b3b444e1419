// One round trip for the beginning of a transaction and the settings that say for whom it is, rather than one for each. A round
// trip costs more than most of what is asked in it: two processes are woken for it.
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

/** Settings of a transaction, by their names. */
export type Settings = Readonly<Record<string, string>>;

const openings = new AsyncLocalStorage<Settings>();

/** A transaction that the client begins within `begin` has these settings from its first statement on. */
export function opened<T>(settings: Settings, begin: () => Promise<T>): Promise<T> {
  return openings.run(settings, begin);
}

/** `true`: for this transaction only. The connection goes back to the pool without them. */
export function settingSql(settings: Settings): string {
  const calls = Object.entries(settings).map(
    ([name, value]) => `set_config(${pg.escapeLiteral(`app.${name}`)}, ${literal(value)}, true)`,
  );
  return calls.length === 0 ? '' : `SELECT ${calls.join(', ')}`;
}

function literal(value: string): string {
  // Postgres's protocol ends a statement there.
  if (value.includes('\0')) throw new Error('a setting of a transaction holds NUL');
  return pg.escapeLiteral(value);
}

/**
 * Connections whose next BEGIN takes the settings of `opened` along. Who forgets `opened` begins a transaction without any, in
 * which every tenant's table is empty.
 */
export class OpeningPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(callback?: Parameters<pg.Pool['connect']>[0]): Promise<pg.PoolClient> | void {
    if (callback !== undefined) return super.connect(callback);
    const sql = settingSql(openings.getStore() ?? {});
    return super.connect().then((client) => (sql === '' ? client : withOpening(client, sql)));
  }
}

// Prisma's adapter begins a transaction by the statement BEGIN, the first on a connection that it takes.
function withOpening(client: pg.PoolClient, sql: string): pg.PoolClient {
  const own: { query?: unknown } = client;
  own.query = (config: { readonly text: string }, ...rest: never[]): unknown => {
    delete own.query;
    const { text } = config;
    if (text !== 'BEGIN') throw new Error(`a transaction begins with ${text}`);
    return client.query({ ...config, text: `BEGIN; ${sql}` }, ...rest);
  };
  return client;
}
