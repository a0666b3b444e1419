// Where a plan's limits are counted within a subscription. Usage belongs to the subscription: when it moves to another plan, what
// it has used of a limit counts against the new plan's limit of the same kind and period, whatever either plan calls it.
//
// All limits of a plan count the same requests. So of those with one kind and period the tightest binds, and it has the
// counter that goes by kind and period in every plan; the others (a dry run beside it, say) count under their own names.
import type { CompiledLimit } from './limits.js';
import type { PlanLimit } from './compiled.js';
import { isTighter } from './compile-limits.js';

export function withCounters(limits: readonly CompiledLimit[]): PlanLimit[] {
  const binding = new Map<string, CompiledLimit>();
  for (const limit of limits) {
    const counter = counterOf(limit);
    const other = binding.get(counter);
    if (other === undefined || isTighter(limit, other)) binding.set(counter, limit);
  }
  return limits.map((limit) => {
    const counter = counterOf(limit);
    // No name holds a colon: no other limit can be called as a counter is.
    return { limit, counter: binding.get(counter) === limit ? counter : `${counter}:${limit.name}` };
  });
}

function counterOf(limit: CompiledLimit): string {
  switch (limit.kind) {
    case 'rate':
      return `rate-${limit.periodMs}`;
    case 'window':
      return `${limit.isSliding ? 'sliding' : 'window'}-${limit.periodMs}`;
    case 'quota':
      return `quota-${limit.period}${limit.isAnchored ? '-anchored' : ''}`;
    case 'concurrency':
      return 'concurrency';
    default:
      return limit satisfies never;
  }
}
