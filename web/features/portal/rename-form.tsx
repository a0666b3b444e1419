'use client';

import { applicationPatchSchema } from '@sluice/contracts';
import { useState } from 'react';
import { renameOwnApplication } from '@/features/api/portal-calls';
import { Button } from '@/features/ui/button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
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
    <Form form={form} input={{ title: text }} className="flex max-w-[520px] flex-col gap-3">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-3">
        <TextField
          label="Name of the application"
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={form.errors['/title']}
        />
        <Button type="submit" isSending={form.isSending} className="mt-[22px]">
          Rename
        </Button>
      </div>
      <FormFailure failure={form.failure} />
    </Form>
  );
}
