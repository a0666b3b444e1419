'use client';

import { hostClaimCreateSchema } from '@sluice/contracts';
import { useState } from 'react';
import type { At } from '@/features/api/calls';
import { claimHost } from '@/features/api/calls';
import { TextField } from '@/features/ui/field';
import { RowForm } from '@/features/ui/row-form';
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
    <RowForm form={form} input={{ host: host.trim() }} label="Claim">
      <TextField
        label="Host"
        isMono
        autoComplete="off"
        value={host}
        onChange={(event) => setHost(event.target.value)}
        hint="api.acme.com, or *.acme.com for every name below it."
        error={form.errors['/host']}
      />
    </RowForm>
  );
}
