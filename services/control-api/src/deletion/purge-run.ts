// One purge, from wherever it stands to its end. What is done is kept in its row, in the transaction that did it where that is
// Postgres's, and before it is done where it is not: so it can be cut off anywhere and goes on, and the receipt counts each
// row once. In this order, because each part needs what the later ones delete:
//   feed     gateways are told that it is gone; what the feed said of it before goes
//   limits   the keys in Redis, found by the ids of environments and subscriptions
//   records  rows and roll-ups in ClickHouse; the sums by month are kept
//   rows     everything in Postgres, in batches; of a tenant its audit log too, and at last the tenant itself
import type { ClickHouseClient } from '@sluice/clickhouse';
import { countPurgeable, purgeRecords, queryMonthlyUse } from '@sluice/clickhouse';
import { purgeDoneSchema, type PurgeDone } from '@sluice/contracts';
import type { Database, Purge, Tx } from '@sluice/prisma';
import type { LimitBudgets } from '../explain/limit-budgets.js';
import { announceGoneIn } from '../publish/environment-changes.js';

export interface PurgeParts {
  readonly database: Database;
  readonly clickhouse: ClickHouseClient;
  readonly limitBudgets: LimitBudgets;
  /** After each piece of work: a place to stop, by throwing. */
  readonly onPiece?: () => void;
}

/** Rows that one transaction deletes: each of them takes its references along. */
const batchSize = 1_000;

export async function runPurge(parts: PurgeParts, purge: Purge): Promise<void> {
  const onPiece = parts.onPiece ?? (() => undefined);
  await tellGateways(parts, purge);
  onPiece();
  await forgetLimits(parts, purge);
  onPiece();
  await forgetRecords(parts, purge, onPiece);
  while (await inPurge(parts, purge, (tx) => deleteEntries(tx, purge))) onPiece();
  await inPurge(parts, purge, (tx) => noteAuditHead(tx, purge));
  while (await inPurge(parts, purge, (tx) => deleteRows(tx, purge))) onPiece();
  await inPurge(parts, purge, (tx) => finish(tx, purge));
}

function inPurge<T>({ database }: PurgeParts, { id, ofTenant }: Purge, use: (tx: Tx) => Promise<T>): Promise<T> {
  return database.inPurge(id, ofTenant, use, { timeoutMs: 60_000 });
}

async function readDone(tx: Tx, { id }: Purge): Promise<PurgeDone> {
  const { done } = await tx.purge.findUniqueOrThrow({ where: { id }, select: { done: true } });
  return purgeDoneSchema.parse(done);
}

async function note(tx: Tx, { id }: Purge, done: PurgeDone): Promise<void> {
  await tx.purge.update({ where: { id }, data: { done }, select: { id: true } });
}

// An environment was announced when it was deleted. Saying it twice changes nothing.
async function tellGateways(parts: PurgeParts, purge: Purge): Promise<void> {
  const { ofTenant: tenantId, slug: tenantSlug } = purge;
  const environments = await inPurge(parts, purge, async (tx) => {
    if ((await readDone(tx, purge)).feed !== undefined) return [];
    return tx.environment.findMany({ where: { tenantId, deletedAt: null }, orderBy: { id: 'asc' } });
  });
  for (const environment of environments)
    await inPurge(parts, purge, (tx) => announceGoneIn(tx, { tenantId, tenantSlug }, environment));
  await inPurge(parts, purge, async (tx) => {
    const done = await readDone(tx, purge);
    await note(tx, purge, { ...done, feed: done.feed ?? { entries: 0, told: new Date().toISOString() } });
  });
}

async function forgetLimits(parts: PurgeParts, purge: Purge): Promise<void> {
  const scopes = await inPurge(parts, purge, async (tx) =>
    (await readDone(tx, purge)).limits === undefined ? await limitScopes(tx, purge) : undefined,
  );
  if (scopes === undefined) return;
  const keys = await parts.limitBudgets.forget(scopes);
  await inPurge(parts, purge, async (tx) => {
    const limits = { isConnected: keys !== undefined, keys: keys ?? 0 };
    await note(tx, purge, { ...(await readDone(tx, purge)), limits });
  });
}

/** What limits are counted for: their keys begin with it. */
async function limitScopes(tx: Tx, { ofTenant, ofEnvironment }: Purge): Promise<Set<string>> {
  const where = { tenantId: ofTenant, ...(ofEnvironment === null ? {} : { environmentId: ofEnvironment }) };
  const scopes = new Set(ofEnvironment === null ? [ofTenant] : [ofEnvironment]);
  if (ofEnvironment === null)
    for (const { id } of await tx.environment.findMany({ where: { tenantId: ofTenant }, select: { id: true } }))
      scopes.add(id);
  for (const { id } of await tx.subscription.findMany({ where, select: { id: true } })) scopes.add(id);
  return scopes;
}

async function forgetRecords(parts: PurgeParts, purge: Purge, onPiece: () => void): Promise<void> {
  const { clickhouse } = parts;
  const scope = { tenantId: purge.ofTenant, environmentId: purge.ofEnvironment ?? undefined };
  const before = await inPurge(parts, purge, (tx) => readDone(tx, purge));
  if (before.recordsGoneAt !== undefined) return;
  if (before.records === undefined) {
    const [records, usage] = [await countPurgeable(clickhouse, scope), await queryMonthlyUse(clickhouse, scope)];
    await inPurge(parts, purge, async (tx) =>
      note(tx, purge, { ...(await readDone(tx, purge)), records, usage: [...usage] }),
    );
  }
  await purgeRecords(clickhouse, scope, onPiece);
  await inPurge(parts, purge, async (tx) =>
    note(tx, purge, { ...(await readDone(tx, purge)), recordsGoneAt: new Date().toISOString() }),
  );
}

// That it is gone stays: a gateway that was away has to hear it. Who has not yet read what is deleted here gets a snapshot.
async function deleteEntries(tx: Tx, purge: Purge): Promise<boolean> {
  const deleted = await tx.$queryRaw<{ fleetId: string; position: bigint }[]>`
    DELETE FROM sluice.feed WHERE (fleet_id, position) IN (
      SELECT fleet_id, position FROM sluice.feed
      WHERE tenant_id = ${purge.ofTenant} AND (${purge.ofEnvironment}::text IS NULL OR environment_id = ${purge.ofEnvironment})
        AND change -> 'document' IS DISTINCT FROM 'null'::jsonb
      LIMIT ${batchSize}
    ) RETURNING fleet_id AS "fleetId", position`;
  if (deleted.length === 0) return false;
  const done = await readDone(tx, purge);
  const { entries = 0, told = new Date().toISOString() } = done.feed ?? {};
  await note(tx, purge, { ...done, feed: { entries: entries + deleted.length, told } });
  // The fleet's row comes last: every other change of the fleet waits for it.
  for (const [fleetId, rows] of Map.groupBy(deleted, (row) => row.fleetId)) {
    const last = rows.reduce((max, { position }) => (position > max ? position : max), 0n);
    await tx.$executeRaw`UPDATE sluice.fleets SET compacted_to = greatest(compacted_to, ${last}) WHERE id = ${fleetId}`;
  }
  return true;
}

async function noteAuditHead(tx: Tx, purge: Purge): Promise<void> {
  const done = await readDone(tx, purge);
  if (purge.ofEnvironment !== null || done.auditHead !== undefined) return;
  const [head] = await tx.$queryRaw<{ seq: bigint; hash: string }[]>`SELECT seq, hash FROM sluice.audit_head()`;
  await note(tx, purge, {
    ...done,
    auditHead: head === undefined ? null : { seq: Number(head.seq), hash: head.hash },
  });
}

async function deleteRows(tx: Tx, purge: Purge): Promise<boolean> {
  const deleted = await tx.$queryRaw<{ table: string; count: bigint }[]>`
    SELECT of_table AS "table", purged AS count FROM sluice.purge_batch(${batchSize}::integer)`;
  if (deleted.length === 0) return false;
  const done = await readDone(tx, purge);
  const rows = { ...done.rows };
  for (const { table, count } of deleted) rows[table] = (rows[table] ?? 0) + Number(count);
  await note(tx, purge, { ...done, rows });
  return true;
}

async function finish(tx: Tx, purge: Purge): Promise<void> {
  // Somebody who was let in before may have written something since: it goes with the tenant, or the tenant stays for now.
  while (await deleteRows(tx, purge));
  if (purge.ofEnvironment === null) await tx.$executeRaw`DELETE FROM sluice.tenants WHERE id = ${purge.ofTenant}`;
  await tx.purge.update({ where: { id: purge.id }, data: { finishedAt: new Date() }, select: { id: true } });
}
