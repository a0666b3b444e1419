// The request explorer: the newest first, page by page. The cursor is the last row's key, so that a page costs the same
// at any depth, and rows that arrive meanwhile neither repeat nor hide one. A request that lasts stands in it as it was
// when that was recorded, until its end has come; then as it ended, whatever the filter makes of either.
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import type { Page, RequestEntry } from '@sluice/contracts';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';
import { requestColumns, requestRow, toRequestEntry } from './request-row.js';
import { inTime, timeParams } from './scope.js';
import type { Scope } from './scope.js';
import { filtered, filterParams } from './traffic.js';
import type { TrafficFilter } from './traffic.js';

export interface RequestListInput extends Scope, TrafficFilter {
  readonly status?: number | undefined;
  readonly application?: string | undefined;
  /** 1 to 200. */
  readonly limit: number;
  readonly after?: RequestCursor | undefined;
}

export interface RequestCursor {
  readonly timeMs: number;
  readonly id: string;
}

const cursorSchema = z.tuple([z.int().min(0), z.uuid()]);

/** The cursor of a page's address, or undefined when the text is none that this list gave out. */
export function parseRequestCursor(text: string): RequestCursor | undefined {
  try {
    const [timeMs, id] = cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { timeMs, id };
  } catch {
    return undefined;
  }
}

export async function queryRequestList(client: ClickHouseClient, input: RequestListInput): Promise<Page<RequestEntry>> {
  const { after } = input;
  const rows = await readRows(
    client,
    `SELECT ${requestColumns}
     FROM requests
     WHERE ${inTime} AND ${filtered}
       AND ({status:UInt16} = 0 OR status = {status:UInt16}) AND ({application:String} = '' OR application_id = {application:String})
       ${after === undefined ? '' : `AND time <= fromUnixTimestamp64Milli({afterTime:Int64}, 'UTC') AND (time < fromUnixTimestamp64Milli({afterTime:Int64}, 'UTC') OR id < {afterId:UUID})`}
       AND (phase != 'begin' OR id GLOBAL NOT IN (SELECT id FROM requests WHERE ${inTime} AND phase = 'end'))
     ORDER BY tenant_id DESC, time DESC, id DESC
     LIMIT {limit:UInt32}`,
    {
      ...timeParams(input),
      ...filterParams(input),
      status: input.status ?? 0,
      application: input.application ?? '',
      limit: input.limit + 1,
      ...(after === undefined ? {} : { afterTime: after.timeMs, afterId: after.id }),
    },
    requestRow,
  );
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(toRequestEntry),
    nextCursor: last === undefined ? null : Buffer.from(JSON.stringify([last.time_ms, last.id])).toString('base64url'),
  };
}
