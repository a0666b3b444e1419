// Limits as the document writes them, ready to count with.
import { limitName, limitShape, unitsPerSecond } from '@sluice/contracts';
import type { Limit } from '@sluice/contracts';
import type { CompiledLimit } from './limits.js';

/**
 * Two limits of one name would share a counter. The tighter one stays: leaving both out would lift the limit.
 * `onRepeated` hears the place of the later one.
 */
export function compileLimits(limits: readonly Limit[], onRepeated: (index: number) => void): CompiledLimit[] {
  const byName = new Map<string, CompiledLimit>();
  limits.forEach((limit, index) => {
    const compiled: CompiledLimit = {
      ...limitShape(limit),
      name: limitName(limit),
      onOutage: limit.onOutage,
      isDryRun: limit.dryRun ?? false,
    };
    const other = byName.get(compiled.name);
    if (other !== undefined) onRepeated(index);
    if (other === undefined || isTighter(compiled, other)) byName.set(compiled.name, compiled);
  });
  return [...byName.values()];
}

// One that refuses nothing is no limit; of the others, the one that grants less in the long run, then less at once.
export function isTighter(left: CompiledLimit, right: CompiledLimit): boolean {
  const [one, other] = [tightness(left), tightness(right)];
  const index = one.findIndex((number, place) => number !== other[place]);
  return (one[index] ?? 0) < (other[index] ?? 0);
}

function tightness(limit: CompiledLimit): readonly number[] {
  const atOnce = limit.kind === 'rate' ? limit.burst : limit.units;
  return [limit.isDryRun ? 1 : 0, unitsPerSecond(limit), atOnce, limit.onOutage === 'deny' ? 0 : 1];
}
