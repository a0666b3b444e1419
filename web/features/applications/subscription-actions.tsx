'use client';

import type { Subscription } from '@sluice/contracts';
import { patchSubscription } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { Button } from '@/features/ui/button';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { FormFailure } from '@/features/ui/states';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';

/** Suspending is undone by one click, so it does not ask; cancelling cannot be undone, so it says what follows. */
export function SubscriptionActions({ at, subscription }: { at: At; subscription: Subscription }) {
  const after = useAfter();
  const form = useForm({
    call: (body: { state: Subscription['state'] }) => patchSubscription(at, subscription.id, body),
    onDone: ({ value }) => after(`The subscription is ${value.state}.`),
  });
  if (subscription.state === 'cancelled') return null;
  const next = subscription.state === 'active' ? 'suspended' : 'active';
  return (
    <div className="flex flex-col items-end gap-2">
      <div className="flex gap-2">
        <Button size="compact" isSending={form.isSending} onClick={() => void form.submit({ state: next })}>
          {subscription.state === 'active' ? 'Suspend' : subscription.state === 'pending' ? 'Approve' : 'Resume'}
        </Button>
        <ConfirmButton
          size="compact"
          look="quiet"
          label="Cancel subscription"
          name={subscription.plan}
          title="Cancel this subscription?"
          consequence="Its keys are refused within a second. A new subscription with new keys is the only way back."
          call={() => patchSubscription(at, subscription.id, { state: 'cancelled' })}
          onDone={() => after('The subscription is cancelled.')}
        />
      </div>
      <FormFailure failure={form.failure} />
    </div>
  );
}
