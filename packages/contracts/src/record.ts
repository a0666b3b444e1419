// A record: what is kept of one request. Gateways append it to a segment as one JSON array in the order of
// `recordColumns`; the log-worker inserts the same arrays into ClickHouse's `requests` (JSONCompactEachRow).
// A request leaves one record, at its end; one that lasts leaves two (`phase`). Whoever counts requests leaves `begin` out.
// A new column goes to the end and raises `recordVersion`: neighbouring versions must stay readable.
import { z } from 'zod';

export const recordVersion = 2;

/**
 * `begin`: the request had lasted 10 s and went on; all that depends on its end is as it was then. `end`: its record at
 * its end, with the same id and time. `whole`: the only record of a request that was over before.
 */
export const recordPhases = ['whole', 'begin', 'end'] as const;
export type RecordPhase = (typeof recordPhases)[number];

export const recordSchema = z.object({
  // First, because the thread that appends the row puts it before what the worker has already written.
  seq: z.int().meta({ description: 'of the boot, from 1, without gaps; given when the row is appended' }),
  id: z.uuid().meta({ description: 'of the request id; a UUIDv7, so it carries the time' }),
  time: z.int().meta({ description: 'start of the request, Unix milliseconds' }),
  tenant_id: z.string(),
  environment_id: z.string(),
  gateway_id: z.string(),
  boot_id: z.string(),
  revision: z.int(),
  api: z.string(),
  route: z.string(),
  arm: z.string(),
  arm_reason: z.string().meta({ description: 'a reason code: how the arm was chosen' }),
  weight_version: z.int(),
  application_id: z.string(),
  subscription_id: z.string(),
  credential_id: z.string(),
  plan: z.string(),
  method: z.string(),
  host: z.string(),
  path: z.string().meta({ description: 'canonical path, without the query' }),
  status: z.int().meta({
    description:
      'as sent to the client; 499 when the client went before, or the gateway cut it off before it had answered',
  }),
  code: z.string().meta({ description: "the problem's code, or empty" }),
  upstream: z.string(),
  target: z.string().meta({ description: 'origin of the target that answered, or empty' }),
  attempts: z.int(),
  duration_us: z.int().meta({ description: 'first byte in to last byte out, microseconds' }),
  upstream_us: z.int().meta({ description: 'sent upstream to first byte of its answer, microseconds' }),
  request_bytes: z.int().meta({ description: 'body bytes from the client' }),
  response_bytes: z.int().meta({ description: 'body bytes to the client' }),
  limit_name: z.string().meta({ description: 'the tightest limit, or empty' }),
  limit_left: z.int().meta({ description: 'what this gateway believes is left of it; -1: none applied' }),
  client_address: z.string(),
  client_request_id: z.string().meta({ description: "the client's X-Request-Id, 128 bytes at most" }),
  reasons: z.string().meta({ description: 'the decision in full, JSON' }),
  // Version 1 ended before it: its requests left no other record.
  phase: z.enum(recordPhases).default('whole').meta({ description: 'begin: it goes on; whole and end: it is over' }),
});

export type RequestRecord = z.infer<typeof recordSchema>;
export const recordColumns = Object.keys(recordSchema.shape) as (keyof RequestRecord)[];

/** How many cells a row of this version has: what a later version added stands behind them. */
export function cellsOf(version: number): number {
  return version < 2 ? recordColumns.indexOf('phase') : recordColumns.length;
}

/** A record as the array that is stored and shipped. */
export function recordToRow(record: RequestRecord): (string | number)[] {
  return recordColumns.map((column) => record[column]);
}

/** The array as a record, or why it is not one. A row of an older version reads as if it had the columns added since. */
export function rowToRecord(row: unknown): z.ZodSafeParseResult<RequestRecord> {
  const cells = Array.isArray(row) ? row : [];
  return recordSchema.safeParse(Object.fromEntries(recordColumns.map((column, index) => [column, cells[index]])));
}
