// What an entry of the audit log says, made of the rows that a transaction changed: without secrets, and never larger than
// half a megabyte or so, however much one request changed: hundreds of entries are read at once.
import { createHash } from 'node:crypto';
import { canonicalJson, type AuditChange, type AuditContent } from '@sluice/contracts';
import { withoutSecrets } from '@sluice/engine/document';
import type { CapturedChange, CapturedChanges } from '@sluice/prisma';

const mostBytesOfValue = 8 * 1024;
/** Of all values of an entry; once they are spent, only short ones are told. */
const mostBytes = 256 * 1024;
const mostBytesOfShort = 64;

type Row = Readonly<Record<string, unknown>>;

interface Room {
  /** That are left for values. */
  bytes: number;
}

export function contentOf(
  actor: AuditContent['actor'],
  from: AuditContent['from'],
  { told, rest }: CapturedChanges,
): AuditContent {
  const room = { bytes: mostBytes };
  return {
    actor,
    from,
    changes: told.map((change) => changeOf(change, room)),
    omittedChanges: rest.reduce((sum, { omitted }) => sum + omitted, 0),
  };
}

export function digestOf(content: unknown): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/** By what an entry is found: words and ids of what it changed, and the environments that those belong to. */
export function objectsOf({ changes }: AuditContent): string[] {
  const named = changes.flatMap(({ object, id, environmentId }) => [object, id, environmentId]);
  return [...new Set(named.filter((name) => name !== null))];
}

function changeOf({ table, before, after }: CapturedChange, room: Room): AuditChange {
  const row = after ?? before ?? {};
  const differing = before === null || after === null ? undefined : differingColumns(before, after);
  return {
    object: wordOf(table),
    id: textOf(row['id']),
    name: textOf(row['name'] ?? row['route'] ?? row['title'] ?? row['email'] ?? row['number']),
    environmentId: textOf(row['environment_id'] ?? (table === 'environments' ? row['id'] : undefined)),
    change: before === null ? 'created' : after === null ? 'deleted' : 'changed',
    before: before === null ? null : shown(before, differing, room),
    after: after === null ? null : shown(after, differing, room),
  };
}

// That a row was changed is told by `updated_at`, and when, by the entry.
function differingColumns(before: Row, after: Row): ReadonlySet<string> {
  const names = Object.keys(after).filter((name) => name !== 'updated_at');
  return new Set(names.filter((name) => canonicalJson(before[name]) !== canonicalJson(after[name])));
}

function shown(row: Row, columns: ReadonlySet<string> | undefined, room: Room): Record<string, unknown> {
  const own = Object.entries(row).filter(
    ([name]) => name !== 'tenant_id' && name !== 'updated_at' && (columns === undefined || columns.has(name)),
  );
  return Object.fromEntries(own.map(([name, value]) => [camelCase(name), shortened(withoutSecrets(value), room)]));
}

function shortened(value: unknown, room: Room): unknown {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
  if (bytes > (bytes <= room.bytes ? mostBytesOfValue : mostBytesOfShort)) return `(${bytes} bytes)`;
  room.bytes = Math.max(0, room.bytes - bytes);
  return value;
}

function camelCase(column: string): string {
  return column.replaceAll(/_(?<letter>[a-z])/g, (_, letter: string) => letter.toUpperCase());
}

// `service_accounts` -> `service-account`: tables have the plural of the word.
function wordOf(table: string): string {
  if (table === 'route_weights') return 'weights';
  return table.replace(/ies$/, 'y').replace(/s$/, '').replaceAll('_', '-');
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
