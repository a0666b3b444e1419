// Runs SQL on chdb: a session per query (a shared one would leak settings from query to query and serialise them), at most
// `maximumAtOnce` of them. Everything runs on libuv's threads, never on the event loop.
import { writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Session, drainPending } from 'chdb';
import { quoteIdentifier, quoteString } from './sql-text.js';
import { Semaphore } from './semaphore.js';

export interface Statement {
  readonly sql: string;
  readonly queryId: string;
  readonly settings: ReadonlyMap<string, string>;
  /** Values of `{name:Type}`, in ClickHouse's escaped text form. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly database: string | undefined;
  readonly format: string;
}

export interface QueryResult {
  readonly bytes: Uint8Array;
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly elapsedMs: number;
}

const maximumAtOnce = 24;
const gibibyte = 1024 ** 3;

export class Engine {
  readonly #path: string;
  readonly #arguments: readonly string[];
  /** Keeps the engine running between queries. */
  readonly #root: Session;
  readonly #slots = new Semaphore(maximumAtOnce);

  private constructor(path: string, connectionArgs: readonly string[]) {
    this.#path = path;
    this.#arguments = connectionArgs;
    this.#root = new Session(path, { connectionArgs });
  }

  static async open(dataDir: string, { isThrowaway }: { isThrowaway: boolean }): Promise<Engine> {
    const configFile = join(dataDir, 'engine.xml');
    await writeFile(configFile, mergeTreeConfig(isThrowaway), { mode: 0o600 });
    return new Engine(join(dataDir, 'engine'), [
      `--config-file=${configFile}`,
      // The JIT changed the answers of out-of-range casts between runs.
      '--compile_expressions=0',
      `--max_server_memory_usage=${Math.min(4 * gibibyte, Math.floor(totalmem() / 2))}`,
      `--mark_cache_size=${128 * 1024 * 1024}`,
    ]);
  }

  async run(statement: Statement): Promise<QueryResult> {
    return this.#withSession(statement, async (session) => {
      const result = await session.queryAsync(statement.sql, { format: statement.format });
      return {
        bytes: result.bytes(),
        rowsRead: result.rowsRead,
        bytesRead: result.bytesRead,
        elapsedMs: result.elapsed * 1000,
      };
    });
  }

  /** Hands over the answer in pieces of about a megabyte; `onChunk` is awaited, so that a slow client slows the query. */
  async stream(
    statement: Statement,
    onChunk: (bytes: Uint8Array) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#withSession(statement, async (session) => {
      for await (const chunk of session.queryStream(statement.sql, { format: statement.format, signal })) {
        await onChunk(chunk.raw());
      }
    });
  }

  /** Stops a running query of that id. Not limited by the slots: it must work when all of them are taken. */
  async cancel(queryId: string): Promise<void> {
    const session = this.#open();
    try {
      await session.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = ${quoteString(queryId)} ASYNC`);
    } finally {
      session.close();
    }
  }

  async close(timeoutMs: number): Promise<void> {
    const deadline = new AbortController();
    await Promise.race([drainPending(), delay(timeoutMs, undefined, { signal: deadline.signal })]);
    deadline.abort();
    this.#root.close();
  }

  #open(): Session {
    return new Session(this.#path, { connectionArgs: this.#arguments });
  }

  async #withSession<T>(statement: Statement, work: (session: Session) => Promise<T>): Promise<T> {
    const release = await this.#slots.acquire();
    try {
      const session = this.#open();
      try {
        await session.queryAsync(preparation(statement));
        return await work(session);
      } finally {
        session.close();
      }
    } finally {
      release();
    }
  }
}

// USE comes after SET, and readonly after all other settings: it forbids to change any of them.
const preparation = ({ queryId, settings, parameters, database }: Statement): string => {
  const sets = [`SET log_comment = ${quoteString(queryId)}`];
  for (const [name, value] of settings)
    if (name !== 'readonly') sets.push(`SET ${quoteIdentifier(name)} = ${quoteString(value)}`);
  for (const [name, value] of parameters) sets.push(`SET ${quoteIdentifier(`param_${name}`)} = ${quoteString(value)}`);
  const readonly = settings.get('readonly');
  if (database !== undefined) sets.push(`USE ${quoteIdentifier(database)}`);
  if (readonly !== undefined) sets.push(`SET readonly = ${quoteString(readonly)}`);
  return sets.join('; ');
};

// Without fsync an acknowledged insert is lost in a power cut; old parts are kept until the merged one is surely on disk.
const mergeTreeConfig = (isThrowaway: boolean): string => {
  const durable = {
    fsync_after_insert: 1,
    fsync_part_directory: 1,
    old_parts_lifetime: 480,
    min_rows_to_fsync_after_merge: 1,
  };
  const settings = Object.entries(isThrowaway ? {} : durable).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<clickhouse><merge_tree>${settings.join('')}</merge_tree></clickhouse>\n`;
};
