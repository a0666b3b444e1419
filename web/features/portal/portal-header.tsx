'use client';

import { LogOut, ShieldCheck, UserRound } from 'lucide-react';
import Link from 'next/link';
import { signOut } from '@/features/api/auth-calls';
import { perform } from '@/features/api/perform';
import { Button, buttonClass } from '@/features/ui/button';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLink, MenuSeparator } from '@/features/ui/menu';
import { useTheme } from '@/features/ui/use-theme';
import { useToast } from '@/features/ui/toast';
import { portalRoutes } from './portal-routes';

export function PortalHeader({ title, email, hasPlans }: { title: string; email: string | null; hasPlans: boolean }) {
  const toast = useToast();
  const { theme, choices, choose, look } = useTheme();

  async function leave(): Promise<void> {
    const outcome = await perform(signOut());
    if (outcome.ok) location.assign(portalRoutes.home());
    else toast(`Not signed out. ${outcome.detail}`);
  }

  return (
    <header className="sticky top-0 z-10 border-b border-line bg-surface">
      <div className="mx-auto flex h-14 max-w-[1120px] items-center gap-2 px-5">
        <Link href={portalRoutes.home()} className="mr-auto truncate font-strong text-16 no-underline">
          <bdi>{title}</bdi> <span className="font-normal text-text-2 max-sm:hidden">for developers</span>
        </Link>
        {email !== null && (
          <Link href={portalRoutes.applications()} className={buttonClass('quiet')}>
            Applications
          </Link>
        )}
        {email === null && (
          <Link href={portalRoutes.signIn()} className={buttonClass('quiet')}>
            Sign in
          </Link>
        )}
        {email === null && hasPlans && (
          <Link href={portalRoutes.getKey()} className={buttonClass('primary', 'normal', 'max-xs:hidden')}>
            Get a key
          </Link>
        )}
        <Menu
          trigger={
            <Button look="quiet" aria-label="Account and theme" onPointerDown={look}>
              <UserRound aria-hidden />
            </Button>
          }
        >
          {email !== null && (
            <>
              <MenuLabel>{email}</MenuLabel>
              <MenuSeparator />
              <MenuLink href={portalRoutes.account()}>
                <ShieldCheck aria-hidden />
                Account
              </MenuLink>
              <MenuSeparator />
            </>
          )}
          <MenuChoice label="Theme" value={theme} choices={choices} onChange={choose} />
          {email !== null && (
            <>
              <MenuSeparator />
              <MenuItem onSelect={() => void leave()}>
                <LogOut aria-hidden />
                Sign out
              </MenuItem>
            </>
          )}
        </Menu>
      </div>
    </header>
  );
}
