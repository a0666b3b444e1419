'use client';

import { clsx } from 'clsx';
import { ExternalLink, PanelLeft } from 'lucide-react';
import Link, { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import { Button } from '@/features/ui/button';
import { sections } from './sections';

const row =
  'tap flex h-8 items-center gap-2.5 rounded-control px-2 no-underline [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:stroke-[1.5]';

export function SideNav({
  tenant,
  portalUrl,
  isCollapsed,
  onToggle,
}: {
  tenant: string;
  portalUrl: string | null;
  isCollapsed: boolean;
  onToggle?: () => void;
}) {
  const pathname = usePathname();
  const label = isCollapsed ? 'sr-only' : 'truncate';
  return (
    <nav aria-label="Console" className="flex h-full flex-col gap-4 overflow-y-auto p-3">
      {sections.map(({ group, entries }) => (
        <div key={group ?? 'home'} className="flex flex-col gap-0.5">
          {group !== null && <p className={clsx('px-2 pb-1 text-12 text-text-3', isCollapsed && 'sr-only')}>{group}</p>}
          {entries.map(({ title, href, Icon }) => {
            const to = href(tenant);
            const isHere = title === 'Home' ? pathname === to : pathname === to || pathname.startsWith(`${to}/`);
            return (
              <Link
                key={title}
                href={to}
                aria-current={isHere ? 'page' : undefined}
                title={isCollapsed ? title : undefined}
                className={clsx(row, isHere ? 'bg-selected font-strong' : 'text-text-2 hover:bg-hover hover:text-text')}
              >
                <Icon aria-hidden />
                <span className={label}>{title}</span>
                <Pending />
              </Link>
            );
          })}
        </div>
      ))}
      {portalUrl !== null && (
        <div className="flex flex-col gap-0.5">
          <p className={clsx('px-2 pb-1 text-12 text-text-3', isCollapsed && 'sr-only')}>Publish</p>
          <a
            href={portalUrl}
            target="_blank"
            rel="noopener"
            className={clsx(row, 'text-text-2 hover:bg-hover hover:text-text')}
            title={isCollapsed ? 'Developer portal' : undefined}
          >
            <ExternalLink aria-hidden />
            <span className={label}>Developer portal</span>
            <span className="sr-only">(opens in a new tab)</span>
          </a>
        </div>
      )}
      {onToggle !== undefined && (
        <div className="mt-auto">
          <Button
            look="quiet"
            aria-label={isCollapsed ? 'Widen the navigation' : 'Narrow the navigation'}
            title={isCollapsed ? 'Widen the navigation ( [ )' : 'Narrow the navigation ( [ )'}
            onClick={onToggle}
          >
            <PanelLeft aria-hidden />
          </Button>
        </div>
      )}
    </nav>
  );
}

/** A mark beside the page that is being fetched. It appears after 300 ms, so that quick pages do not flicker. */
function Pending() {
  const { pending } = useLinkStatus();
  return (
    <span
      aria-hidden
      className={clsx(
        'ml-auto size-1.5 shrink-0 rounded-full bg-accent transition-opacity',
        pending ? 'opacity-100 delay-300' : 'opacity-0',
      )}
    />
  );
}
