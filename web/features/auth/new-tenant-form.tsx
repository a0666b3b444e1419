'use client';

import { tenantCreateSchema } from '@sluice/contracts';
import { useState } from 'react';
import { createTenant } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { Button } from '@/features/ui/button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';
import { slugFrom } from './slug';

/** Makes an organisation. The slug follows the title until somebody edits it. */
export function NewTenantForm({ title: initialTitle }: { title: string }) {
  const [title, setTitle] = useState(initialTitle);
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const slug = ownSlug ?? slugFrom(title);
  const form = useForm({
    schema: tenantCreateSchema,
    call: createTenant,
    // A whole page load: the next page's policy names this tenant's gateways.
    onDone: ({ value }) => location.assign(routes.start(value.slug)),
  });
  return (
    <Form form={form} input={{ title, slug }} className="flex flex-col gap-4">
      <TextField
        label="Organisation"
        isLarge
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        autoComplete="organization"
        error={form.errors['/title']}
      />
      <TextField
        label="Short name"
        isLarge
        isMono
        value={slug}
        onChange={(event) => setOwnSlug(event.target.value)}
        autoComplete="off"
        hint="It stands in addresses, and cannot be changed later."
        error={
          form.errors['/slug'] ?? (form.failure?.code === 'name_taken' ? 'It is taken. Choose another.' : undefined)
        }
      />
      {form.failure?.code !== 'name_taken' && <FormFailure failure={form.failure} />}
      <Button look="primary" size="large" type="submit" isSending={form.isSending}>
        Continue
      </Button>
    </Form>
  );
}
