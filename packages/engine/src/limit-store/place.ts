// Where the units of limits are kept in Redis: one hash a limit, and one for each partition that says whether counts were
// lost. Gateways count there, and whoever wants to know what is left looks there.
import type { LimitRef } from '../limits.js';

export interface LimitPlace {
  readonly key: string;
  /** Of the limit's partition, in the same slot of a cluster. */
  readonly marker: string;
}

/** Partitions of a Redis Cluster, whatever the number of its nodes; a single Redis has one. */
export const clusterPartitions = 32;

export function placeOfLimit(limit: LimitRef, partitions: number): LimitPlace {
  const tag = `{l${partitionOf(limit.key, partitions)}}`;
  return { key: `sluice:limit:${tag}:${countKey(limit)}`, marker: `sluice:limits:${tag}` };
}

/** Of all keys that hold units, and of no others. */
export const limitKeyPattern = 'sluice:limit:{l*}:*';

/** The id that a limit's key in Redis begins with: of a subscription, an environment or a tenant. */
export function idOfLimitKey(redisKey: string): string | undefined {
  return /^sluice:limit:\{l\d+\}:(?<id>[^/]+)\//.exec(redisKey)?.groups?.['id'];
}

/** What a limit counts for: its key without its name. Limits of one scope share a partition and its round trips. */
export function scopeOf(key: string): string {
  const slash = key.lastIndexOf('/');
  return slash < 0 ? key : key.slice(0, slash);
}

/** FNV-1a of the scope: the same partition in every gateway, and for every limit of the scope. */
export function partitionOf(key: string, partitions: number): number {
  if (partitions === 1) return 0;
  let hash = 0x811c9dc5;
  const scope = scopeOf(key);
  for (let index = 0; index < scope.length; index += 1) hash = Math.imul(hash ^ scope.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % partitions;
}

/** Where a limit is counted. Another kind or another period is another count; other units are not. */
export function countKey(limit: LimitRef): string {
  return `${limit.key}:${countOf(limit)}`;
}

function countOf(limit: LimitRef): string {
  if (limit.kind === 'rate') return 'rate';
  if (limit.kind === 'concurrency') return 'slots';
  if (limit.kind === 'window') return limit.isSliding ? `sliding${limit.periodMs}` : `window${limit.periodMs}`;
  return limit.anchorMs === null ? limit.period : `${limit.period}${limit.anchorMs}`;
}
