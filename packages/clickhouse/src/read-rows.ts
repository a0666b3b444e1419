// Runs one SELECT and checks every row against a schema: what the database answers is input like any other.
import { z } from 'zod';
import type { ClickHouseClient } from './client.js';

/** Rejects when ClickHouse fails, when `signal` aborts, or when a row is not as the schema says. */
export async function readRows<S extends z.ZodType>(
  client: ClickHouseClient,
  sql: string,
  params: Record<string, unknown>,
  row: S,
  signal?: AbortSignal,
): Promise<z.infer<S>[]> {
  const result = await client.query({
    query: sql,
    query_params: params,
    format: 'JSONEachRow',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  return z.array(row).parse(await result.json());
}
