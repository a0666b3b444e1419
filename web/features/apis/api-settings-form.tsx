'use client';

import { apiPatchSchema } from '@sluice/contracts';
import type { Api } from '@sluice/contracts';
import { useState } from 'react';
import { deleteApi, getApi, patchApi } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { FormRefusal } from '@/features/ui/conflict';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormActions } from '@/features/ui/form-actions';
import { plural } from '@/features/ui/numbers';
import { Card } from '@/features/ui/page-header';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { policyDraftOf, policyOf, unreadableSettings } from './policy-draft';
import type { PolicyDraft } from './policy-draft';
import { PolicyFields } from './policy-fields';
import { VersioningFields } from './versioning-fields';

interface ApiSettingsFormProps {
  at: At;
  api: Api;
  etag: string | undefined;
  isReadOnly: boolean;
}

/** What holds for an API as a whole: its title and version, and the policies of all its routes. */
export function ApiSettingsForm({ at, api, etag, isReadOnly }: ApiSettingsFormProps) {
  const [title, setTitle] = useState(api.title);
  const [version, setVersion] = useState(api.version);
  const [versioning, setVersioning] = useState(api.versioning);
  const [policies, setPolicies] = useState<readonly PolicyDraft[]>(() => api.policies.map(policyDraftOf));
  const show = (theirs: Api): void => {
    setTitle(theirs.title);
    setVersion(theirs.version);
    setVersioning(theirs.versioning);
    setPolicies(theirs.policies.map(policyDraftOf));
  };
  const after = useAfter();
  const form = useForm({
    schema: apiPatchSchema,
    check: () => unreadableSettings(policies),
    call: (change, _, newerEtag) => patchApi(at, api.name, change, { ifMatch: newerEtag ?? etag }),
    current: () => getApi(at, api.name),
    onDone: () => after('Saved to the draft.'),
  });
  const input = { title, version, versioning, policies: policies.map(policyOf) };
  return (
    <Form form={form} input={input}>
      <fieldset disabled={isReadOnly} className="flex max-w-[640px] min-w-0 flex-col gap-4">
        <legend className="sr-only">Settings</legend>
        <Card className="flex flex-col gap-4">
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
          <VersioningFields versioning={versioning} errors={form.errors} onChange={setVersioning} />
        </Card>
        <PolicyFields
          policies={policies}
          note="Of every route of this API; a route that names the same policy has its own instead."
          errors={form.errors}
          isReadOnly={isReadOnly}
          onChange={setPolicies}
        />
        <FormRefusal form={form} input={input} isPatch onTake={show} />
        {!isReadOnly && (
          <FormActions label="Save to the draft" isSending={form.isSending}>
            <ConfirmButton
              label="Delete API"
              name={api.title}
              title={`Delete ${api.title}?`}
              consequence={`It leaves the draft with ${plural(api.routes, 'route')}. Requests are answered until you publish; from then on they get 404.`}
              call={() => deleteApi(at, api.name, { ifMatch: form.newerEtag ?? etag })}
              onDone={() => after(`${api.title} left the draft.`, routes.apis(at.tenant))}
            />
          </FormActions>
        )}
      </fieldset>
    </Form>
  );
}
