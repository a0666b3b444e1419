'use client';

import { useSyncExternalStore } from 'react';

const never = () => () => undefined;

/** The viewer's time zone; UTC while the server renders, so that both sides agree on the first paint. */
export function useTimeZone(): string {
  return useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => 'UTC',
  );
}

const styles = {
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  minute: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
  moment: {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' },
  milli: { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** A moment in the viewer's zone, with UTC on hover. */
export function Time({ at, as = 'minute' }: { at: string; as?: keyof typeof styles }) {
  const timeZone = useTimeZone();
  return (
    <time dateTime={at} title={`${at.replace('T', ' ').replace('Z', '')} UTC`} className="numbers whitespace-nowrap">
      {formatTime(at, as, timeZone)}
    </time>
  );
}

/** For texts that cannot hold an element. */
export function formatTime(at: string | number, as: keyof typeof styles, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { ...styles[as], timeZone, hourCycle: 'h23' }).format(new Date(at));
}

/** Names the page's zone once. */
export function ZoneNote() {
  return <span className="text-12 text-text-3">Times in {useTimeZone().replaceAll('_', ' ')}</span>;
}
