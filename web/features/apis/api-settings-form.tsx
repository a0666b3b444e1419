'use client';

import { apiPatchSchema } from '@sluice/contracts';
import type { Api } from '@sluice/contracts';
import { useState } from 'react';
import { deleteApi, patchApi } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormActions } from '@/features/ui/form-actions';
import { plural } from '@/features/ui/numbers';
import { FormFailure } from '@/features/ui/states';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';

export function ApiSettingsForm({ at, api, etag }: { at: At; api: Api; etag: string | undefined }) {
  const [title, setTitle] = useState(api.title);
  const [version, setVersion] = useState(api.version);
  const after = useAfter();
  const form = useForm({
    schema: apiPatchSchema,
    call: ({ title: newTitle = api.title, version: newVersion = api.version }) =>
      patchApi(at, api.name, { title: newTitle, version: newVersion }, { ifMatch: etag }),
    onDone: () => after('Saved to the draft.'),
  });
  return (
    <Form form={form} input={{ title, version }} className="flex max-w-[520px] flex-col gap-4">
      <TextField
        label="Title"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        error={form.errors['/title']}
      />
      <TextField
        label="Version"
        value={version}
        onChange={(event) => setVersion(event.target.value)}
        error={form.errors['/version']}
      />
      <FormFailure failure={form.failure} />
      <FormActions label="Save to the draft" isSending={form.isSending}>
        <ConfirmButton
          label="Delete API"
          name={api.title}
          title={`Delete ${api.title}?`}
          consequence={`It leaves the draft with ${plural(api.routes, 'route')}. Requests are answered until you publish; from then on they get 404.`}
          call={() => deleteApi(at, api.name, { ifMatch: etag })}
          onDone={() => after(`${api.title} left the draft.`, routes.apis(at.tenant))}
        />
      </FormActions>
    </Form>
  );
}
