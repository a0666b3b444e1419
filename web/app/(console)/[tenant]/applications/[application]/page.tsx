import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound, redirect } from 'next/navigation';
import { getApplication, getUsage, listCredentials, listPlans, listSubscriptions } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { ApplicationActions } from '@/features/applications/application-actions';
import { SubscribeForm } from '@/features/applications/subscribe-form';
import { SubscriptionCard } from '@/features/applications/subscription-card';
import { windowOf } from '@/features/navigation/range';
import { routes } from '@/features/navigation/routes';
import { pageContext } from '@/features/session/page-context';
import { buttonClass } from '@/features/ui/button';
import { PageHeader, Section } from '@/features/ui/page-header';
import { EmptyState, FailureState } from '@/features/ui/states';
import { Time } from '@/features/ui/time';

export const metadata: Metadata = { title: 'Application' };

interface Props {
  params: Promise<{ tenant: string; application: string }>;
}

export default async function ApplicationPage({ params }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at, canEdit } = context;
  const id = (await params).application;
  const { from, to } = windowOf('24h', Date.now());
  const [application, subscriptions, plans, usage] = await Promise.all([
    read(getApplication(at, id)),
    read(listSubscriptions(at, id)),
    read(listPlans(at, { limit: 200 })),
    read(getUsage(at, { from, to })),
  ]);
  if (!application.ok && application.code === 'not_found') {
    if (id === 'new') redirect(routes.applications(at.tenant, { new: '1' }));
    notFound();
  }
  if (!application.ok) return <FailureState failure={application} />;
  const items = subscriptions.ok ? subscriptions.value.items : [];
  const credentials = await Promise.all(items.map((subscription) => read(listCredentials(at, subscription.id))));
  const { title, developerEmail, createdAt } = application.value;
  return (
    <div className="flex max-w-[1120px] flex-col gap-5">
      <PageHeader
        title={title}
        state={
          <>
            <span className="break-all">{developerEmail}</span> · since <Time at={createdAt} />
          </>
        }
        actions={
          <>
            <Link href={routes.requests(at.tenant, { application: id, range: '24h' })} className={buttonClass()}>
              See its requests
            </Link>
            {canEdit && (
              <ApplicationActions at={at} application={application.value} etag={application.etag ?? undefined} />
            )}
          </>
        }
      />
      <Section
        title="Subscriptions and keys"
        note="Limits belong to the subscription: a second key buys no second quota."
      >
        {!subscriptions.ok && <FailureState failure={subscriptions} />}
        {subscriptions.ok && items.length === 0 && (
          <EmptyState title="No subscription yet.">A key belongs to a subscription; choose a plan first.</EmptyState>
        )}
        {items.map((subscription, index) => {
          const keys = credentials[index];
          return (
            <SubscriptionCard
              key={subscription.id}
              at={at}
              subscription={subscription}
              plan={plans.ok ? plans.value.items.find((plan) => plan.name === subscription.plan) : undefined}
              usage={
                usage.ok
                  ? (usage.value.subscriptions.find((one) => one.subscriptionId === subscription.id) ?? null)
                  : undefined
              }
              keys={keys ?? null}
              canEdit={canEdit}
            />
          );
        })}
        {canEdit && plans.ok && (
          <SubscribeForm
            at={at}
            application={id}
            plans={plans.value.items.filter(
              (plan) => !items.some((one) => one.plan === plan.name && one.state !== 'cancelled'),
            )}
          />
        )}
      </Section>
    </div>
  );
}
