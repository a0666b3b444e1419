'use client';

import type { CredentialWithKey } from '@sluice/contracts';
import { createOwnKey } from '@/features/api/portal-calls';
import { Button } from '@/features/ui/button';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';

export function MakeKey({
  tenant,
  subscription,
  onMade,
}: {
  tenant: string;
  subscription: string;
  onMade: (made: CredentialWithKey) => void;
}) {
  const form = useForm<null, CredentialWithKey>({
    call: (_, key) => createOwnKey(tenant, subscription, { name: 'Another key' }, key),
    onDone: ({ value }) => onMade(value),
  });
  return (
    <>
      <FormFailure failure={form.failure} />
      <Button look="primary" size="large" isSending={form.isSending} onClick={() => void form.submit(null)}>
        Make another key
      </Button>
    </>
  );
}
