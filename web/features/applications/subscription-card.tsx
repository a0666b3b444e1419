import type { Credential, Page, Plan, Subscription, Usage } from '@sluice/contracts';
import type { Outcome } from '@/features/api/call';
import type { At } from '@/features/api/calls';
import { limitsInWords } from '@/features/plans/limits-in-words';
import { count } from '@/features/ui/numbers';
import { Card } from '@/features/ui/page-header';
import { FailureState } from '@/features/ui/states';
import { StatusBadge } from '@/features/ui/status-badge';
import { KeyList } from './key-list';
import { SubscriptionActions } from './subscription-actions';
import { Given } from '@/features/ui/given';

const tones = { active: 'ok', pending: 'info', suspended: 'warn', cancelled: 'neutral' } as const;

interface SubscriptionCardProps {
  at: At;
  subscription: Subscription;
  plan: Plan | undefined;
  /** Null: none in the window. Undefined: it could not be read. */
  usage: Usage['subscriptions'][number] | null | undefined;
  keys: Outcome<Page<Credential>> | null;
  canEdit: boolean;
}

/** One subscription: its plan, its state, its use, and inside it its keys. */
export function SubscriptionCard({ at, subscription, plan, usage, keys, canEdit }: SubscriptionCardProps) {
  return (
    <Card className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="flex flex-wrap items-center gap-2 font-strong">
            <Given>{plan?.title ?? subscription.plan}</Given>
            <StatusBadge tone={tones[subscription.state]}>{subscription.state}</StatusBadge>
          </h3>
          <p className="text-13 text-text-2">
            {plan === undefined || plan.limits.length === 0 ? 'No limit' : limitsInWords(plan.limits)}
          </p>
          <p className="numbers text-13 text-text-2">
            {usage === undefined
              ? 'Its use could not be read.'
              : usage === null
                ? 'No request in the last 24 hours.'
                : `Last 24 hours: ${count(usage.accepted)} accepted, ${count(usage.limited)} limited (429), ${count(usage.refused)} refused otherwise.`}
          </p>
        </div>
        {canEdit && <SubscriptionActions at={at} subscription={subscription} />}
      </div>
      {keys !== null && !keys.ok && <FailureState failure={keys} />}
      {keys !== null && keys.ok && (
        <KeyList
          at={at}
          subscription={subscription.id}
          keys={keys.value.items}
          canEdit={canEdit && subscription.state !== 'cancelled'}
        />
      )}
    </Card>
  );
}
