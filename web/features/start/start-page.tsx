'use client';

import type { FirstRun } from '@sluice/contracts';
import Link from 'next/link';
import { useState } from 'react';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { Card } from '@/features/ui/page-header';
import type { StartFacts } from './facts';
import { UpstreamForm } from './upstream-form';
import { PublishedStep } from './published-step';
import { Steps } from './steps';
import { useReceipts } from './use-receipts';

/** First run: an upstream, what was made of it with the gateways' receipts, and the first request. All on one page. */
export function StartPage({ at, facts, portalUrl }: { at: At; facts: StartFacts; portalUrl: string | null }) {
  const [made, setMade] = useState<FirstRun | null>(null);
  const [hasAnswered, setHasAnswered] = useState(facts.hasAnswered);
  const revision = useReceipts(at, made?.revision ?? null);
  const applied = revision?.receipts.filter((receipt) => receipt.state === 'applied').length ?? 0;
  const isPublished = revision !== null && applied > 0 && revision.awaited.length === 0;
  return (
    <div className="grid gap-6 md:grid-cols-[220px_minmax(0,720px)]">
      <Steps
        steps={[
          { title: 'API created', isDone: facts.hasApi || made !== null },
          {
            title:
              revision === null
                ? 'Published'
                : `Published (receipts ${applied} of ${revision.receipts.length + revision.awaited.length})`,
            isDone: made === null ? facts.isLive : isPublished,
          },
          { title: 'First answer', isDone: hasAnswered },
        ]}
      />
      {made === null || revision === null ? (
        <div className="flex min-w-0 flex-col gap-5">
          {facts.hasApi && <AlreadyThere tenant={at.tenant} isLive={facts.isLive} />}
          <UpstreamForm at={at} onMade={setMade} />
        </div>
      ) : (
        <PublishedStep
          at={at}
          made={made}
          revision={revision}
          isPublished={isPublished}
          portalUrl={portalUrl}
          onAnswer={() => setHasAnswered(true)}
        />
      )}
    </div>
  );
}

/** After a reload, or a second visit: what was made before is not lost, and the form below makes another. */
function AlreadyThere({ tenant, isLive }: { tenant: string; isLive: boolean }) {
  return (
    <Card>
      {isLive ? 'This organisation has an API on line.' : 'This organisation has an API that is not published yet.'}{' '}
      <Link href={isLive ? routes.apis(tenant) : routes.draft(tenant)} className="link">
        {isLive ? 'See your APIs' : 'Review and publish it'}
      </Link>
      , or put another on line below.
    </Card>
  );
}
