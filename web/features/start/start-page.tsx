'use client';

import type { FirstRun } from '@sluice/contracts';
import { useState } from 'react';
import type { At } from '@/features/api/calls';
import { UpstreamForm } from './upstream-form';
import { PublishedStep } from './published-step';
import { Steps } from './steps';
import { useReceipts } from './use-receipts';

/** First run: an upstream, what was made of it with the gateways' receipts, and the first request. All on one page. */
export function StartPage({ at, hasApi, portalUrl }: { at: At; hasApi: boolean; portalUrl: string | null }) {
  const [made, setMade] = useState<FirstRun | null>(null);
  const [hasAnswered, setHasAnswered] = useState(false);
  const revision = useReceipts(at, made?.revision ?? null);
  const applied = revision?.receipts.filter((receipt) => receipt.state === 'applied').length ?? 0;
  const isPublished = revision !== null && applied > 0 && applied >= revision.liveGateways;
  return (
    <div className="grid gap-6 md:grid-cols-[220px_minmax(0,720px)]">
      <Steps
        steps={[
          { title: 'API created', isDone: hasApi || made !== null },
          {
            title: revision === null ? 'Published' : `Published (receipts ${applied} of ${revision.liveGateways})`,
            isDone: isPublished,
          },
          { title: 'First answer', isDone: hasAnswered },
        ]}
      />
      {made === null || revision === null ? (
        <UpstreamForm at={at} onMade={setMade} />
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
