'use client';

import type { Plan } from '@sluice/contracts';
import { useState } from 'react';
import { createSubscription } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { limitsInWords } from '@/features/plans/limits-in-words';
import { Button } from '@/features/ui/button';
import { SelectField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';

export function SubscribeForm({ at, application, plans }: { at: At; application: string; plans: readonly Plan[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const plan = chosen ?? plans[0]?.name ?? '';
  const after = useAfter();
  const form = useForm({
    call: (body: { plan: string }, key) => createSubscription(at, application, body, key),
    onDone: () => after('Subscribed. Create its first key.'),
  });
  if (plans.length === 0) return null;
  return (
    <Form form={form} input={{ plan }} className="flex max-w-[640px] flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-60 flex-1">
          <SelectField
            label="Subscribe to another plan"
            value={plan}
            onChange={(event) => setChosen(event.target.value)}
            error={form.errors['/plan']}
          >
            {plans.map((one) => (
              <option key={one.name} value={one.name}>
                {one.title}: {one.limits.length === 0 ? 'no limit' : limitsInWords(one.limits)}
              </option>
            ))}
          </SelectField>
        </div>
        <Button type="submit" isSending={form.isSending}>
          Subscribe
        </Button>
      </div>
      <FormFailure failure={form.failure} />
    </Form>
  );
}
