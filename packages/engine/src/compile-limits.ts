// Limits as the document writes them, ready to count with.
import { limitName, limitShape } from '@sluice/contracts';
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
    if (other === undefined || compiled.units < other.units) byName.set(compiled.name, compiled);
  });
  return [...byName.values()];
}
