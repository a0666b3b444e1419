'use client';

import { duration } from '@/features/ui/numbers';
import { formatTime, useTimeZone } from '@/features/ui/time';

/** How old the numbers are: when they were read, and how long before that the newest record was. */
export function Freshness({ asOf, newest }: { asOf: string; newest: string | null }) {
  const timeZone = useTimeZone();
  const lag = newest === null ? null : Math.max(0, Date.parse(asOf) - Date.parse(newest));
  return (
    <span className="numbers text-12 text-text-3" title={`${asOf} UTC`}>
      as of {formatTime(asOf, 'second', timeZone)}
      {lag === null ? ', no record yet' : `, newest record ${duration(lag)} before`}
    </span>
  );
}
