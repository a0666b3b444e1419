'use client';

import { LogOut, Rocket, ShieldCheck, UserRound } from 'lucide-react';
import type { Me } from '@sluice/contracts';
import { signOut } from '@/features/api/auth-calls';
import { perform } from '@/features/api/perform';
import { routes } from '@/features/navigation/routes';
import { Button } from '@/features/ui/button';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLink, MenuSeparator } from '@/features/ui/menu';
import { useTheme } from '@/features/ui/use-theme';
import { useToast } from '@/features/ui/toast';

export function AccountMenu({ me, tenant }: { me: Me; tenant: string }) {
  const { theme, choices, choose, look } = useTheme();
  const toast = useToast();

  async function leave(): Promise<void> {
    const outcome = await perform(signOut());
    if (outcome.ok) location.assign(routes.signIn());
    else toast(`Not signed out. ${outcome.detail}`);
  }

  return (
    <Menu
      trigger={
        <Button look="quiet" size="compact" aria-label="Account" onPointerDown={look}>
          <UserRound aria-hidden />
        </Button>
      }
    >
      <MenuLabel>{me.email}</MenuLabel>
      {me.memberships.length > 1 && (
        <>
          <MenuSeparator />
          {me.memberships.map((membership) => (
            <MenuLink key={membership.tenant} href={routes.home(membership.tenant)}>
              <span aria-hidden className="w-4 text-center">
                {membership.tenant === tenant ? '●' : ''}
              </span>
              {membership.title}
            </MenuLink>
          ))}
        </>
      )}
      <MenuSeparator />
      <MenuLink href={routes.start(tenant)}>
        <Rocket aria-hidden />
        First run
      </MenuLink>
      <MenuLink href={routes.account()}>
        <ShieldCheck aria-hidden />
        Account
      </MenuLink>
      <MenuSeparator />
      <MenuChoice label="Theme" value={theme} choices={choices} onChange={choose} />
      <MenuSeparator />
      <MenuItem onSelect={() => void leave()}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </Menu>
  );
}
