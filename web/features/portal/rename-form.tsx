'use client';

import { applicationPatchSchema } from '@sluice/contracts';
import { useState } from 'react';
import { renameOwnApplication } from '@/features/api/portal-calls';
import { TextField } from '@/features/ui/field';
import { RowForm } from '@/features/ui/row-form';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';

export function RenameForm({ tenant, application, title }: { tenant: string; application: string; title: string }) {
  const [text, setText] = useState(title);
  const after = useAfter();
  const form = useForm({
    schema: applicationPatchSchema,
    call: (body) => renameOwnApplication(tenant, application, body),
    onDone: () => after('Renamed.'),
  });
  return (
    <RowForm form={form} input={{ title: text }} label="Rename" look="secondary" className="max-w-[520px]">
      <TextField
        label="Name of the application"
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={form.errors['/title']}
      />
    </RowForm>
  );
}
