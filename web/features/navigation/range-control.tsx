'use client';

import { clsx } from 'clsx';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { ranges } from './range';
import type { Range } from './range';

/** The same time control on every page. The other filters of the address stay. */
export function RangeControl({ range }: { range: Range }) {
  const pathname = usePathname();
  const query = useSearchParams();
  return (
    <nav aria-label="Time range" className="flex rounded-control border border-control">
      {ranges.map((value) => {
        const next = new URLSearchParams(query);
        next.set('range', value);
        next.delete('cursor');
        return (
          <Link
            key={value}
            href={`${pathname}?${next.toString()}`}
            replace
            aria-current={value === range ? 'true' : undefined}
            className={clsx(
              'tap numbers flex h-[30px] min-w-10 items-center justify-center border-l border-line px-2 text-13 no-underline first:border-l-0',
              value === range ? 'bg-selected font-strong' : 'text-text-2 hover:bg-hover',
            )}
          >
            {value}
          </Link>
        );
      })}
    </nav>
  );
}
