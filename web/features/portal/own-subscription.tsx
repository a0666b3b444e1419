'use client';

import type { PortalApplication, Usage } from '@sluice/contracts';
import { createOwnKey, revokeOwnKey, rotateOwnKey } from '@/features/api/portal-calls';
import { Keys } from '@/features/applications/keys';
import { bindingLimits, limitsInWords } from '@/features/plans/limits-in-words';
import { count, plural } from '@/features/ui/numbers';
import { Given } from '@/features/ui/given';
import { Card } from '@/features/ui/page-header';
import { StatusBadge } from '@/features/ui/status-badge';
import { formatTime, useTimeZone } from '@/features/ui/time';
import { useKeyMemory } from './key-memory';

interface OwnSubscriptionProps {
  tenant: string;
  subscription: PortalApplication['subscriptions'][number];
  /** Null: none in the window. Undefined: it could not be read. */
  usage: Usage['subscriptions'][number] | null | undefined;
  asOf: string | null;
  planTitle: string;
}

/** A subscription with its limits, its use of the last 24 hours, and its keys inside it. */
export function OwnSubscription({ tenant, subscription, usage, asOf, planTitle }: OwnSubscriptionProps) {
  const memory = useKeyMemory();
  const timeZone = useTimeZone();
  const { limits, apis, credentials, state } = subscription;
  return (
    <Card className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-strong text-18">
          Plan <Given>{planTitle}</Given>
        </h2>
        <StatusBadge tone={state === 'active' ? 'ok' : state === 'suspended' ? 'warn' : 'neutral'}>{state}</StatusBadge>
      </div>
      <dl className="grid gap-x-4 gap-y-2 text-14 sm:grid-cols-[160px_minmax(0,1fr)]">
        <dt className="text-text-2">Limits</dt>
        <dd>{limitsInWords(bindingLimits(limits))}</dd>
        <dt className="text-text-2">APIs</dt>
        <dd>{apis.map((api) => api.title).join(', ') || 'none'}</dd>
        <dt className="text-text-2">Last 24 hours</dt>
        <dd className="numbers">
          {usage === undefined
            ? 'not readable now'
            : usage === null
              ? 'no request'
              : `${plural(usage.requests, 'request')}: ${count(usage.accepted)} accepted, ${count(usage.limited)} limited (429), ${count(usage.refused)} refused otherwise`}
          {asOf !== null && <span className="text-text-3"> · as of {formatTime(asOf, 'second', timeZone)}</span>}
        </dd>
      </dl>
      <Keys
        keys={credentials}
        canEdit={state === 'active'}
        create={(name, idempotencyKey) => createOwnKey(tenant, subscription.id, { name }, idempotencyKey)}
        rotate={(id, idempotencyKey) => rotateOwnKey(tenant, id, idempotencyKey)}
        revoke={(id) => revokeOwnKey(tenant, id)}
        onCreated={(made) => memory.remember(subscription.id, made)}
      />
    </Card>
  );
}
