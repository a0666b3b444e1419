import { GitCompare } from 'lucide-react';
import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { defaultEnvironment, getEnvironment } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { AccountMenu } from '@/features/console/account-menu';
import { DeletedNotice } from '@/features/console/deleted-notice';
import { Frame } from '@/features/console/frame';
import { routes } from '@/features/navigation/routes';
import { may } from '@/features/session/may';
import { isFailure, requireMembership } from '@/features/session/membership';
import { buttonClass } from '@/features/ui/button';
import { FailureState } from '@/features/ui/states';
import { StatusBadge } from '@/features/ui/status-badge';

interface Props {
  params: Promise<{ tenant: string }>;
  children: ReactNode;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: { default: (await params).tenant, template: `%s · ${(await params).tenant} · Sluice` } };
}

export default async function TenantLayout({ params, children }: Props) {
  const { tenant } = await params;
  const membership = await requireMembership(tenant);
  if (isFailure(membership)) {
    return (
      <main className="mx-auto max-w-[720px] px-5 py-16">
        <FailureState failure={membership} />
      </main>
    );
  }
  const environment = await read(getEnvironment({ tenant, environment: defaultEnvironment }));
  const isChanged = environment.ok && environment.value.hasUnpublishedChanges;
  return (
    <Frame
      tenant={tenant}
      title={membership.title}
      portalUrl={environment.ok ? environment.value.portalUrl : null}
      startsCollapsed={(await cookies()).get('nav')?.value === 'narrow'}
      topRight={
        <>
          {isChanged && !may(membership, 'edit') && (
            <StatusBadge tone="info">
              Unpublished<span className="max-sm:sr-only"> changes</span>
            </StatusBadge>
          )}
          {isChanged && may(membership, 'edit') && (
            <Link href={routes.draft(tenant)} className={buttonClass('secondary', 'compact')}>
              <GitCompare aria-hidden />
              <span>
                <span className="max-sm:sr-only">Unpublished changes · </span>Review
              </span>
            </Link>
          )}
          <AccountMenu me={membership.me} tenant={tenant} />
        </>
      }
    >
      {membership.purgeAt !== null && <DeletedNotice tenant={tenant} purgeAt={membership.purgeAt} />}
      {children}
    </Frame>
  );
}
