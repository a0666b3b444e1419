import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { getOwnApplication } from '@/features/api/portal-calls';
import { read } from '@/features/api/read';
import { planTitleOf } from '@/features/portal/plan-title';
import { readPortal } from '@/features/portal/read-portal';
import { portalRoutes } from '@/features/portal/portal-routes';
import { FirstCall } from '@/features/portal/first-call';
import { FailureState } from '@/features/ui/states';

export const metadata: Metadata = { title: 'First request' };

export default async function StartPage({ params }: { params: Promise<{ host: string; application: string }> }) {
  const { host, application: id } = await params;
  const [portal, application] = await Promise.all([readPortal(host), read(getOwnApplication(host, id))]);
  if (!application.ok) {
    if (application.code === 'unauthenticated') redirect(portalRoutes.signIn(portalRoutes.start(id)));
    if (application.code === 'not_found') notFound();
    return <FailureState failure={application} />;
  }
  const titles = Object.fromEntries(
    application.value.subscriptions.map(({ plan }) => [plan, planTitleOf(portal, plan)]),
  );
  return <FirstCall tenant={host} application={application.value} planTitles={titles} />;
}
