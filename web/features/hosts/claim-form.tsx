'use client';

import { hostClaimCreateSchema } from '@sluice/contracts';
import { useState } from 'react';
import type { At } from '@/features/api/calls';
import { claimHost } from '@/features/api/calls';
import { Button } from '@/features/ui/button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';

export function ClaimForm({ at }: { at: At }) {
  const [host, setHost] = useState('');
  const after = useAfter();
  const form = useForm({
    schema: hostClaimCreateSchema,
    call: (body, key) => claimHost(at, body, key),
    onDone: ({ value }) => {
      setHost('');
      after(value.isServed ? `${value.host} is served.` : `Claimed ${value.host}. Set its TXT record now.`);
    },
  });
  return (
    <Form form={form} input={{ host: host.trim() }} className="flex max-w-[760px] flex-col gap-3">
      <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_auto]">
        <TextField
          label="Host"
          isMono
          autoComplete="off"
          value={host}
          onChange={(event) => setHost(event.target.value)}
          hint="api.acme.com, or *.acme.com for every name below it."
          error={form.errors['/host']}
        />
        <Button look="primary" type="submit" isSending={form.isSending} className="sm:mt-[22px]">
          Claim
        </Button>
      </div>
      <FormFailure failure={form.failure} />
    </Form>
  );
}
