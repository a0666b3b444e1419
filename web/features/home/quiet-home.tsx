import type { Timeseries } from '@sluice/contracts';
import Link from 'next/link';
import { rangeInWords, widerRange } from '@/features/navigation/range';
import type { Range } from '@/features/navigation/range';
import { routes } from '@/features/navigation/routes';
import { buttonClass } from '@/features/ui/button';
import { EmptyState } from '@/features/ui/states';
import { Time } from '@/features/ui/time';

/** Home without a request in the window: what to do, and no chart of nothing. */
export function QuietHome({
  tenant,
  range,
  timeseries,
  hasApis,
}: {
  tenant: string;
  range: Range;
  timeseries: Timeseries;
  hasApis: boolean;
}) {
  const wider = widerRange(range);
  if (timeseries.newest !== null) {
    return (
      <EmptyState
        title={`No requests in the last ${rangeInWords(range)}.`}
        action={
          wider !== undefined && (
            <Link href={routes.home(tenant, { range: wider })} className={buttonClass()}>
              Widen to {wider}
            </Link>
          )
        }
      >
        The last one was at <Time at={timeseries.newest} />.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={hasApis ? 'Nothing has called you yet.' : 'No API yet.'}
      action={
        <Link href={hasApis ? routes.apis(tenant) : routes.start(tenant)} className={buttonClass('primary')}>
          {hasApis ? 'See your APIs and their addresses' : 'Put an API on line'}
        </Link>
      }
    >
      {hasApis
        ? 'Call a public URL with a key of an application. Requests show here within a few seconds.'
        : 'It takes about a minute: an upstream, a name, and the first request through the gateway.'}
    </EmptyState>
  );
}
