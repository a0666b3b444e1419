import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound, redirect } from 'next/navigation';
import { getOwnApplication, getOwnUsage } from '@/features/api/portal-calls';
import { read } from '@/features/api/read';
import { windowOf } from '@/features/navigation/range';
import { OwnSubscription } from '@/features/portal/own-subscription';
import { planTitleOf } from '@/features/portal/plan-title';
import { readPortal } from '@/features/portal/read-portal';
import { portalRoutes } from '@/features/portal/portal-routes';
import { RenameForm } from '@/features/portal/rename-form';
import { buttonClass } from '@/features/ui/button';
import { EmptyState, FailureState } from '@/features/ui/states';
import { Given } from '@/features/ui/given';

export const metadata: Metadata = { title: 'Application' };

interface Props {
  params: Promise<{ host: string; application: string }>;
}

export default async function OwnApplicationPage({ params }: Props) {
  const { host, application: id } = await params;
  const { from, to } = windowOf('24h', Date.now());
  const [portal, application, usage] = await Promise.all([
    readPortal(host),
    read(getOwnApplication(host, id)),
    read(getOwnUsage(host, id, { from, to })),
  ]);
  if (!application.ok) {
    if (application.code === 'unauthenticated') redirect(portalRoutes.signIn(portalRoutes.application(id)));
    if (application.code === 'not_found') notFound();
    return <FailureState failure={application} />;
  }
  const { title, subscriptions } = application.value;
  return (
    <div className="flex flex-col gap-6 pt-10">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="min-w-0 text-28 ">
          <Given>{title}</Given>
        </h1>
        <Link href={portalRoutes.start(id)} className={buttonClass('secondary', 'large')}>
          Send a request
        </Link>
      </div>
      {!usage.ok && <FailureState failure={usage} what="Your usage could not be read" />}
      {subscriptions.length === 0 && (
        <EmptyState title="No subscription.">
          A key belongs to a subscription; choose a plan on the front page.
        </EmptyState>
      )}
      {subscriptions.map((subscription) => (
        <OwnSubscription
          key={subscription.id}
          tenant={host}
          subscription={subscription}
          planTitle={planTitleOf(portal, subscription.plan)}
          usage={
            usage.ok
              ? (usage.value.subscriptions.find((one) => one.subscriptionId === subscription.id) ?? null)
              : undefined
          }
          asOf={usage.ok ? usage.value.asOf : null}
        />
      ))}
      <RenameForm tenant={host} application={id} title={title} />
    </div>
  );
}
