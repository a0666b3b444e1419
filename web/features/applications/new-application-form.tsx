'use client';

import { applicationCreateSchema } from '@sluice/contracts';
import { useState } from 'react';
import { createApplication } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormActions } from '@/features/ui/form-actions';
import { FormFailure } from '@/features/ui/states';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';

export function NewApplicationForm({ at }: { at: At }) {
  const [title, setTitle] = useState('');
  const after = useAfter();
  const form = useForm({
    schema: applicationCreateSchema,
    call: (body, key) => createApplication(at, body, key),
    onDone: ({ value }) =>
      after('Created. Subscribe it to a plan to give it a key.', routes.application(at.tenant, value.id)),
  });
  return (
    <Form form={form} input={{ title }} className="flex max-w-[520px] flex-col gap-4">
      <TextField
        label="Title"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        error={form.errors['/title']}
      />
      <FormFailure failure={form.failure} />
      <FormActions label="Create application" isSending={form.isSending} backTo={routes.applications(at.tenant)} />
    </Form>
  );
}
