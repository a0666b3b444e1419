// The connection to ClickHouse, over HTTP. Every call has a bound: a server that hangs is an error, not a wait.
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';

export type { ClickHouseClient } from '@clickhouse/client';

export interface ClickHouseOptions {
  /** After this long a request is given up and rejects, milliseconds. */
  readonly requestTimeoutMs?: number;
  /** Requests at once; more wait their turn. */
  readonly maxConnections?: number;
  /** Who asks, in ClickHouse's query log. */
  readonly application?: string;
}

/**
 * @param url `http://user:password@host:8123/database`
 * Connects on first use. A server that is away makes the calls reject, and the next call tries again.
 */
export function createClickHouse(url: string, options: ClickHouseOptions = {}): ClickHouseClient {
  const { requestTimeoutMs = 30_000, maxConnections = 10, application = 'sluice' } = options;
  return createClient({
    url,
    application,
    // Callers log, with the context that they have.
    log: { level: ClickHouseLogLevel.OFF },
    request_timeout: requestTimeoutMs,
    max_open_connections: maxConnections,
    // Shorter than the idle timeout of servers (3 s in older ClickHouse), so that no request meets a socket that is being closed.
    keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    clickhouse_settings: {
      // The server stops what this side no longer waits for.
      max_execution_time: Math.ceil(requestTimeoutMs / 1000),
      // Counts stay far below 2^53.
      output_format_json_quote_64bit_integers: 0,
    },
  });
}
