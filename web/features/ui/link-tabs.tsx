'use client';

import { clsx } from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';

/** Tabs that are pages: each has an address. */
export function LinkTabs({ label, tabs }: { label: string; tabs: readonly { href: string; title: string }[] }) {
  const pathname = usePathname();
  return (
    <nav aria-label={label} className="flex gap-4 overflow-x-auto border-b border-line">
      {tabs.map(({ href, title }) => {
        const isHere = pathname === href;
        return (
          <Link
            key={href}
            href={href}
            aria-current={isHere ? 'page' : undefined}
            className={clsx(
              'tap -mb-px flex h-9 items-center border-b-2 px-0.5 whitespace-nowrap no-underline',
              isHere ? 'border-(--accent) font-strong' : 'border-transparent text-text-2 hover:text-text',
            )}
          >
            {title}
          </Link>
        );
      })}
    </nav>
  );
}
