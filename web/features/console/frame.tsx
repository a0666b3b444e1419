'use client';

import { Menu as MenuIcon } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Dialog as Radix } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from '@/features/ui/button';
import { routes } from '@/features/navigation/routes';
import { SideNav } from './side-nav';

interface FrameProps {
  tenant: string;
  title: string;
  portalUrl: string | null;
  startsCollapsed: boolean;
  /** The pill of unpublished changes, and the account menu. */
  topRight: ReactNode;
  children: ReactNode;
}

/** The console's frame: navigation (232 px, 56 when narrow, a sheet on a phone), top bar, page. */
export function Frame({ tenant, title, portalUrl, startsCollapsed, topRight, children }: FrameProps) {
  const [isCollapsed, setIsCollapsed] = useState(startsCollapsed);
  const pathname = usePathname();
  // The sheet belongs to the page it was opened on: going elsewhere closes it.
  const [sheetAt, setSheetAt] = useState<string | null>(null);

  function toggle(): void {
    document.cookie = `nav=${isCollapsed ? 'wide' : 'narrow'}; Path=/; Max-Age=31536000; SameSite=Lax`;
    setIsCollapsed(!isCollapsed);
  }

  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, select') !== null;
      if (event.key === '[' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) toggle();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  return (
    <div
      className={`grid min-h-dvh ${isCollapsed ? 'sm:grid-cols-[56px_minmax(0,1fr)]' : 'sm:grid-cols-[232px_minmax(0,1fr)]'}`}
    >
      <a
        href="#content"
        className="sr-only z-50 rounded-control bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <aside className="sticky top-0 h-dvh border-r border-line bg-sunken max-sm:hidden">
        <SideNav tenant={tenant} portalUrl={portalUrl} isCollapsed={isCollapsed} onToggle={toggle} />
      </aside>
      <div className="flex min-w-0 flex-col">
        <div className="sticky top-0 z-10 flex h-12 items-center gap-2 border-b border-line bg-surface px-4">
          <Radix.Root open={sheetAt === pathname} onOpenChange={(isOpen) => setSheetAt(isOpen ? pathname : null)}>
            <Radix.Trigger asChild>
              <Button look="quiet" size="compact" aria-label="Navigation" className="sm:hidden">
                <MenuIcon aria-hidden />
              </Button>
            </Radix.Trigger>
            <Radix.Portal>
              <Radix.Overlay className="fixed inset-0 z-40 bg-[oklch(0_0_0/0.4)]" />
              <Radix.Content
                aria-describedby={undefined}
                className="fixed inset-y-0 left-0 z-40 w-64 border-r border-line bg-sunken shadow-float"
              >
                <Radix.Title className="sr-only">Navigation</Radix.Title>
                <SideNav tenant={tenant} portalUrl={portalUrl} isCollapsed={false} />
              </Radix.Content>
            </Radix.Portal>
          </Radix.Root>
          <nav aria-label="Breadcrumb" className="flex min-w-0 items-center gap-1.5">
            <Link
              href={routes.home(tenant)}
              title={title}
              className="truncate font-strong no-underline hover:underline"
            >
              <bdi>{title}</bdi>
            </Link>
            <Crumbs tenant={tenant} pathname={pathname} />
          </nav>
          <div className="ml-auto flex shrink-0 items-center gap-2">{topRight}</div>
        </div>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[1440px] min-w-0 px-4 pb-16 outline-none sm:px-6"
        >
          {children}
        </main>
      </div>
    </div>
  );
}

/** The path below the tenant, as links; what is an id is left to the page's own title. */
function Crumbs({ tenant, pathname }: { tenant: string; pathname: string }) {
  const segments = pathname.split('/').slice(2).filter(Boolean);
  const pages = new Set(['apis', 'upstreams', 'plans', 'revisions', 'requests', 'applications', 'members']);
  return segments
    .map((segment, index) => ({ text: decodeURIComponent(segment), at: index }))
    .filter(({ text, at }) => !((text === 'routes' && at === 2) || (text === 'settings' && at === 0)))
    .map(({ text, at }) => {
      const isLast = at === segments.length - 1;
      const href = [routes.home(tenant), ...segments.slice(0, at + 1)].join('/');
      const words =
        pages.has(text) && at === 0
          ? text === 'apis'
            ? 'APIs'
            : capital(text)
          : (isLast && names[text]) || short(text);
      return (
        <span key={href} className="flex min-w-0 items-center gap-1.5 text-text-2 max-xs:hidden">
          <span aria-hidden className="text-text-3">
            /
          </span>
          {isLast ? (
            <span aria-current="page" className="truncate">
              {words}
            </span>
          ) : (
            <Link href={href} className="truncate no-underline hover:underline">
              {words}
            </Link>
          )}
        </span>
      );
    });
}

const names: Readonly<Record<string, string>> = {
  start: 'First run',
  draft: 'Draft',
  explain: 'Explain',
  settings: 'Settings',
  new: 'New',
  domains: 'Domains',
  secrets: 'Secrets',
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function short(text: string): string {
  return /^[a-z]{2,4}_[0-9a-f]{32}$/.test(text) ? `${text.slice(0, 4)}…${text.slice(-6)}` : text;
}
