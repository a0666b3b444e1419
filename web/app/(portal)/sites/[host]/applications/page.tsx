import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { listOwnApplications } from '@/features/api/portal-calls';
import { read } from '@/features/api/read';
import { planTitleOf } from '@/features/portal/plan-title';
import { readPortal } from '@/features/portal/read-portal';
import { portalRoutes } from '@/features/portal/portal-routes';
import { buttonClass } from '@/features/ui/button';
import { plural } from '@/features/ui/numbers';
import { EmptyState, FailureState } from '@/features/ui/states';
import { Time } from '@/features/ui/time';
import { Given } from '@/features/ui/given';

export const metadata: Metadata = { title: 'Applications' };

export default async function OwnApplicationsPage({ params }: { params: Promise<{ host: string }> }) {
  const { host } = await params;
  const [portal, applications] = await Promise.all([readPortal(host), read(listOwnApplications(host))]);
  if (!applications.ok && applications.code === 'unauthenticated') {
    redirect(portalRoutes.signIn(portalRoutes.applications()));
  }
  return (
    <div className="flex flex-col gap-6 pt-10">
      <h1 className="text-28">Your applications</h1>
      {!applications.ok && <FailureState failure={applications} />}
      {applications.ok && applications.value.items.length === 0 && (
        <EmptyState
          title="No application yet."
          action={
            <Link href={portalRoutes.getKey()} className={buttonClass('primary', 'large')}>
              Get a key
            </Link>
          }
        >
          An application comes with its first key.
        </EmptyState>
      )}
      {applications.ok && applications.value.items.length > 0 && (
        <ul className="flex flex-col gap-3">
          {applications.value.items.map(({ id, title, subscriptions, createdAt }) => (
            <li key={id}>
              <Link
                href={portalRoutes.application(id)}
                className="block rounded-card border border-line bg-surface p-4 no-underline hover:bg-hover"
              >
                <span className="block font-strong">
                  <Given>{title}</Given>
                </span>
                <span className="text-14 text-text-2">
                  {subscriptions.map((subscription) => planTitleOf(portal, subscription.plan)).join(', ') || 'no plan'}{' '}
                  ·{' '}
                  {plural(
                    subscriptions.flatMap((one) => one.credentials).filter((key) => key.state === 'active').length,
                    'active key',
                  )}{' '}
                  · since <Time at={createdAt} as="date" />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
