// The time that a query is about. Usage may leave it out, and then means the last 30 days; all else must say it.
import { rangeQuerySchema } from '@sluice/contracts';
import type { Scope } from '@sluice/clickhouse';
import { Refusal } from '../http/refusal.js';

export interface Range {
  readonly from: string;
  readonly to: string;
}

export const usageQuerySchema = rangeQuerySchema.partial();

const dayMs = 86_400_000;
const longestDays = 400;
/** ClickHouse knows the minutes of these years alone, and no number of ours is of any other. */
const [earliest, latest] = [new Date('2000-01-01T00:00:00Z'), new Date('2100-01-01T00:00:00Z')];

export function scopeOf(
  tenantId: string,
  environmentId: string,
  range: { from?: string | undefined; to?: string | undefined },
  now = new Date(),
): Scope {
  const to = range.to === undefined ? now : new Date(range.to);
  const from = range.from === undefined ? new Date(to.getTime() - 30 * dayMs) : new Date(range.from);
  expectWithin('/to', to);
  if (range.from !== undefined) expectWithin('/from', from);
  if (from >= to) throw invalidRange('/from', 'the range ends before it begins', 'make `from` earlier than `to`');
  if (to.getTime() - from.getTime() > longestDays * dayMs)
    throw invalidRange('/from', 'the range is too long', `ask for ${longestDays} days at most`);
  return { tenantId, environmentId, from, to };
}

function expectWithin(pointer: string, time: Date): void {
  if (time >= earliest && time <= latest) return;
  throw invalidRange(pointer, 'no numbers are kept of that time', 'write a time between 2000 and 2100');
}

function invalidRange(pointer: string, message: string, fix: string): Refusal {
  return new Refusal('invalid_query', `${message}: ${fix}.`, [{ pointer, message, fix }]);
}
