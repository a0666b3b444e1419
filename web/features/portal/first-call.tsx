'use client';

import type { PortalApplication } from '@sluice/contracts';
import Link from 'next/link';
import { buttonClass } from '@/features/ui/button';
import { CodeBlock } from '@/features/ui/code-block';
import { Card } from '@/features/ui/page-header';
import { EmptyState } from '@/features/ui/states';
import { useKeyMemory } from './key-memory';
import { MakeKey } from './make-key';
import { portalRoutes } from './portal-routes';
import { TryPanel } from './try-panel';

interface FirstCallProps {
  tenant: string;
  application: PortalApplication;
  /** By the plans' names. */
  planTitles: Readonly<Record<string, string>>;
}

/** The key (once), and a first request, which needs none at hand. */
export function FirstCall({ tenant, application, planTitles }: FirstCallProps) {
  const memory = useKeyMemory();
  const subscription =
    application.subscriptions.find((one) => memory.recall(one.id) !== undefined) ??
    application.subscriptions.find((one) => one.state === 'active');
  if (subscription === undefined) {
    return (
      <div className="pt-10">
        <EmptyState title="This application has no active subscription.">
          Choose a plan on the front page to get a key.
        </EmptyState>
      </div>
    );
  }
  const made = memory.recall(subscription.id);
  return (
    <div className="mx-auto flex max-w-[760px] flex-col gap-6 pt-10">
      <div>
        <h1 className="text-28 wrap-anywhere">{made === undefined ? application.title : 'Your key is ready'}</h1>
        <p className="mt-1 text-text-2">
          Application {application.title}, plan {planTitles[subscription.plan] ?? subscription.plan}.
        </p>
      </div>
      {made !== undefined && (
        <Card className="flex flex-col gap-3">
          <h2 className="text-18">Key</h2>
          <CodeBlock name="the key" code={made.key} wraps />
          <p className="text-14 text-text-2">This is the only time it is shown. Keep it where your secrets are.</p>
        </Card>
      )}
      <TryPanel key={subscription.id} tenant={tenant} subscription={subscription} made={made} />
      {made === undefined && (
        <Card className="flex flex-col items-start gap-3">
          <h2 className="text-18">Your key was shown once</h2>
          <p className="text-text-2">
            It is kept as a hash, so nobody can show it again. If you did not keep it, make another; limits belong to
            the subscription, so it costs you nothing.
          </p>
          <MakeKey
            tenant={tenant}
            subscription={subscription.id}
            onMade={(credential) => memory.remember(subscription.id, credential)}
          />
        </Card>
      )}
      <div>
        <Link href={portalRoutes.application(application.id)} className={buttonClass('secondary', 'large')}>
          Keys, limits and usage
        </Link>
      </div>
    </div>
  );
}
