// What a transaction changed, as the database itself saw it: triggers keep each changed row until it is taken. A transaction
// that changed a tenant's rows and does not take them cannot commit, so whoever opens the database brings a witness.
import type { Tx } from './database.js';

/** A row before and after, with the names of its columns; without those that hold hashes or sealed values. */
export interface CapturedChange {
  readonly table: string;
  /** Null: it was made. */
  readonly before: Readonly<Record<string, unknown>> | null;
  /** Null: it was deleted. */
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** Of those that are not told one by one: how many there were of a table. */
export interface OmittedChanges {
  readonly table: string;
  readonly omitted: number;
  /** How many of these were made, try credentials not counted. */
  readonly omittedMade: number;
}

/** What one transaction changed of one tenant: however much it was, no more of it comes here than is told. */
export interface CapturedChanges {
  /** In order; the first ones. */
  readonly told: readonly CapturedChange[];
  readonly rest: readonly OmittedChanges[];
}

/** Called last in a transaction that changed something of the tenant; what it throws rolls everything back. */
export type Witness = (tx: Tx, tenantId: string, changes: CapturedChanges) => Promise<void>;

/** Of a tenant, in one transaction. What deletes an environment or a developer deletes every row below it. */
export const mostToldChanges = 200;

interface TakenRow extends CapturedChange {
  readonly tenantId: string;
  readonly omitted: bigint;
  readonly omittedMade: bigint;
}

/** By tenant, in the order of their ids: two transactions that both write for several tenants must not wait for each other. */
export async function takeChanges(tx: Tx): Promise<readonly (readonly [tenantId: string, CapturedChanges])[]> {
  const rows = await tx.$queryRaw<TakenRow[]>`
    SELECT tenant_id AS "tenantId", of_table AS "table", before, after, omitted, omitted_made AS "omittedMade"
    FROM sluice.take_changes(${mostToldChanges}::integer)`;
  const byTenant = Map.groupBy(rows, ({ tenantId }) => tenantId);
  return [...byTenant]
    .map(([tenantId, taken]) => [tenantId, changesOf(taken)] as const)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
}

function changesOf(rows: readonly TakenRow[]): CapturedChanges {
  return {
    told: rows.filter(({ omitted }) => omitted === 0n).map(({ table, before, after }) => ({ table, before, after })),
    rest: rows
      .filter(({ omitted }) => omitted > 0n)
      .map(({ table, omitted, omittedMade }) => ({
        table,
        omitted: Number(omitted),
        omittedMade: Number(omittedMade),
      })),
  };
}

const readMethods = new Set([
  'findMany',
  'findFirst',
  'findFirstOrThrow',
  'findUnique',
  'findUniqueOrThrow',
  'count',
  'aggregate',
  'groupBy',
]);

interface WatchedTx {
  readonly tx: Tx;
  /** Whether anything was called that may write: raw SQL may, unless it begins with SELECT. */
  mayHaveWritten(): boolean;
}

/** Spares transactions that only read the question what they changed. One that is taken for reading wrongly cannot commit. */
export function watchWrites(tx: Tx): WatchedTx {
  let written = false;
  const watchModel = (model: object): object =>
    new Proxy(model, {
      get(target, method) {
        if (typeof method === 'string' && !readMethods.has(method)) written = true;
        return Reflect.get(target, method) as unknown;
      },
    });
  const watchRaw =
    (own: (...parameters: unknown[]) => unknown) =>
    (...parameters: unknown[]): unknown => {
      if (!/^\s*SELECT\b/.test(textOf(parameters[0]))) written = true;
      return own.apply(tx, parameters);
    };
  const watched = new Proxy(tx, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name);
      if (typeof own === 'function') return watchRaw(own as (...parameters: unknown[]) => unknown);
      return typeof own === 'object' && own !== null ? watchModel(own) : own;
    },
  });
  return { tx: watched, mayHaveWritten: () => written };
}

// A template's strings, a text, or Prisma.sql.
function textOf(statement: unknown): string {
  if (Array.isArray(statement)) return String(statement[0]);
  if (typeof statement === 'object' && statement !== null && 'sql' in statement) return String(statement.sql);
  return String(statement);
}
