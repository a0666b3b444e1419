'use client';

import { apiCreateSchema } from '@sluice/contracts';
import { useState } from 'react';
import { createApi } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { slugFrom } from '@/features/auth/slug';
import { routes } from '@/features/navigation/routes';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormActions } from '@/features/ui/form-actions';
import { FormFailure } from '@/features/ui/states';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';

export function NewApiForm({ at }: { at: At }) {
  const [title, setTitle] = useState('');
  const [version, setVersion] = useState('v1');
  const [ownName, setOwnName] = useState<string | null>(null);
  const name = ownName ?? slugFrom(title);
  const after = useAfter();
  const form = useForm({
    schema: apiCreateSchema,
    call: (body, key) => createApi(at, body, key),
    onDone: ({ value }) => after(`${value.title} is in the draft. Add its routes.`, routes.api(at.tenant, value.name)),
  });
  return (
    <Form form={form} input={{ name, title, version }} className="flex max-w-[520px] flex-col gap-4">
      <TextField
        label="Title"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        error={form.errors['/title']}
      />
      <TextField
        label="Name"
        isMono
        value={name}
        onChange={(event) => setOwnName(event.target.value)}
        hint="It stands in documents and plans, and cannot be changed later."
        error={form.errors['/name']}
      />
      <TextField
        label="Version"
        value={version}
        onChange={(event) => setVersion(event.target.value)}
        error={form.errors['/version']}
      />
      <FormFailure failure={form.failure} />
      <FormActions label="Create API" isSending={form.isSending} backTo={routes.apis(at.tenant)} />
    </Form>
  );
}
