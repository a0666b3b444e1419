import type { Traffic } from '@sluice/contracts';
import { rangeInWords } from '@/features/navigation/range';
import type { Range } from '@/features/navigation/range';
import { MetricTile } from '@/features/ui/metric-tile';
import { compact, milliseconds, percent } from '@/features/ui/numbers';

/** Five numbers of the window, each beside the same window before. 4xx, 429 and 5xx are three tiles. */
export function Tiles({ totals, before, range }: { totals: Traffic; before: Traffic | null; range: Range }) {
  const words = rangeInWords(range);
  const was = (value: string, unit: string) =>
    before === null || before.requests === 0
      ? `last ${words}; no request in the one before`
      : `last ${words}; ${value}${unit} in the one before`;
  const share = (of: Traffic, part: 's4xx' | 's429' | 's5xx') => percent(of[part], of.requests);
  const past = before ?? totals;
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 md:grid-cols-5">
      <MetricTile
        name="Requests"
        value={compact(totals.requests)}
        unit="requests"
        note={was(compact(past.requests), '')}
      />
      <MetricTile name="Failed (5xx)" value={share(totals, 's5xx')} unit="%" note={was(share(past, 's5xx'), ' %')} />
      <MetricTile
        name="Client errors (4xx)"
        value={share(totals, 's4xx')}
        unit="%"
        note={was(share(past, 's4xx'), ' %')}
      />
      <MetricTile name="Limited (429)" value={share(totals, 's429')} unit="%" note={was(share(past, 's429'), ' %')} />
      <MetricTile
        name="Latency p95"
        value={milliseconds(totals.p95Ms)}
        unit="ms"
        note={was(milliseconds(past.p95Ms), ' ms')}
      />
    </div>
  );
}
