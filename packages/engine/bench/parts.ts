// A configuration in parts that a thread takes in one turn each, as `gateway/src/snapshot/threads.ts` cuts it.
import type { Change } from './swap-thread.ts';

const mostOfPart = 400;
const weightOfRoute = 20;

export function partsOf(changes: readonly Change[]): Change[][] {
  const parts: Change[][] = [];
  let weight = mostOfPart;
  for (const change of changes) {
    const own = weightOf(change);
    if (weight + own > mostOfPart) {
      parts.push([]);
      weight = 0;
    }
    parts.at(-1)?.push(change);
    weight += own;
  }
  return parts;
}

function weightOf(change: Change): number {
  if (change.kind !== 'environment') return 1;
  const tables = new Set(change.compiled.hosts.values());
  return weightOfRoute * [...tables].reduce((sum, table) => sum + 1 + table.sorted.length, 0);
}
