// What every query is asked within: one tenant's environment and a range of time. None of it is optional, so that no
// query can read another tenant's rows or the whole table.

export interface Scope {
  readonly tenantId: string;
  readonly environmentId: string;
  /** Inclusive. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
}

export const minuteMs = 60_000;

/** The range that roll-ups can answer: whole minutes, those that `from` and `to` lie in included. */
export function wholeMinutes({ from, to }: { from: Date; to: Date }): { fromMs: number; toMs: number } {
  return {
    fromMs: Math.floor(from.getTime() / minuteMs) * minuteMs,
    toMs: Math.ceil(to.getTime() / minuteMs) * minuteMs,
  };
}

/** The condition on a roll-up, to go with `minuteParams`. */
export const inMinutes = `tenant_id = {tenant:String} AND environment_id = {environment:String}
       AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')`;

export function minuteParams(scope: Scope): { tenant: string; environment: string; from: number; to: number } {
  const { fromMs, toMs } = wholeMinutes(scope);
  return { tenant: scope.tenantId, environment: scope.environmentId, from: fromMs / 1000, to: toMs / 1000 };
}

/** The condition on `requests`, to go with `timeParams`. */
export const inTime = `tenant_id = {tenant:String} AND environment_id = {environment:String}
       AND time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`;

/** Leaves one row of `requests` for each request that has ended. To go with `inTime`. */
export const ended = `phase != 'begin'`;

export function timeParams(scope: Scope): { tenant: string; environment: string; from: number; to: number } {
  return {
    tenant: scope.tenantId,
    environment: scope.environmentId,
    from: scope.from.getTime(),
    to: scope.to.getTime(),
  };
}
