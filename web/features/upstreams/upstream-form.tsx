'use client';

import { upstreamCreateSchema } from '@sluice/contracts';
import type { Upstream } from '@sluice/contracts';
import { useState } from 'react';
import { createUpstream, deleteUpstream, getUpstream, putUpstream } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { FormRefusal } from '@/features/ui/conflict';
import { Disclosure } from '@/features/ui/disclosure';
import { Checkbox, TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormActions } from '@/features/ui/form-actions';
import { Card } from '@/features/ui/page-header';
import { TagsField } from '@/features/ui/tags-field';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { BalanceFields } from './balance-fields';
import { BreakerFields, TimeoutFields } from './connection-fields';
import { EjectionFields, HealthFields } from './health-fields';
import { TargetFields } from './target-fields';
import { TlsFields } from './tls-fields';
import { emptyUpstream, upstreamDraftOf, upstreamOf } from './upstream-draft';
import type { UpstreamDraft } from './upstream-draft';

interface UpstreamFormProps {
  at: At;
  upstream?: Upstream;
  etag?: string | undefined;
  isReadOnly?: boolean;
}

/** A name and a URL are enough; everything else is folded, and says what it does without being touched. */
export function UpstreamForm({ at, upstream, etag, isReadOnly = false }: UpstreamFormProps) {
  const [draft, setDraft] = useState<UpstreamDraft>(() =>
    upstream === undefined ? emptyUpstream() : upstreamDraftOf(upstream),
  );
  const change = (part: Partial<UpstreamDraft>) => setDraft((before) => ({ ...before, ...part }));
  const after = useAfter();
  const form = useForm({
    schema: upstreamCreateSchema,
    call: ({ name: newName, ...spec }, key, newerEtag) =>
      upstream === undefined
        ? createUpstream(at, { name: newName, ...spec }, key)
        : putUpstream(at, upstream.name, spec, { ifMatch: newerEtag ?? etag }),
    current: () => getUpstream(at, upstream?.name ?? ''),
    onDone: ({ value }) => after(`Upstream ${value.name} is in the draft.`, routes.upstreams(at.tenant)),
  });
  const fields = { draft, errors: form.errors, onChange: change };

  const input = upstreamOf(draft);
  return (
    <Form form={form} input={input}>
      <fieldset disabled={isReadOnly} className="flex max-w-[640px] min-w-0 flex-col gap-4">
        <legend className="sr-only">Upstream</legend>
        <Card className="flex flex-col gap-4">
          {upstream === undefined && (
            <TextField
              label="Name"
              isMono
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
              hint="Routes refer to it. It cannot be changed later."
              error={form.errors['/name']}
            />
          )}
          <TargetFields {...fields} isReadOnly={isReadOnly} />
          <TagsField tags={draft.tags} errors={form.errors} onChange={(tags) => change({ tags })} />
        </Card>
        <Card className="flex flex-col gap-4">
          <div>
            <h2 className="text-16">How requests are sent</h2>
            <p className="text-13 text-text-2">All of it may stay as it is.</p>
          </div>
          <div className="divide-y divide-line *:py-3 *:first:pt-0 *:last:pb-0">
            <BalanceFields {...fields} />
            <HealthFields {...fields} />
            <EjectionFields {...fields} />
            <BreakerFields {...fields} />
            <TimeoutFields {...fields} />
            <TlsFields {...fields} />
            <Disclosure
              title="Who calls"
              summary={draft.token === true ? 'told by a signed token' : 'not told'}
              isOpenAtFirst={draft.token === true}
            >
              <Checkbox
                label="Send the gateway's signed token"
                hint="Each request carries X-Sluice-Identity, a short-lived JWT that says who calls."
                checked={draft.token === true}
                onChange={(event) => change({ token: event.target.checked ? true : undefined })}
              />
            </Disclosure>
          </div>
        </Card>
        <FormRefusal form={form} input={input} onTake={(theirs) => setDraft(upstreamDraftOf(theirs))} />
        {!isReadOnly && (
          <FormActions
            label={upstream === undefined ? 'Create upstream' : 'Save to the draft'}
            isSending={form.isSending}
            backTo={routes.upstreams(at.tenant)}
          >
            {upstream !== undefined && (
              <ConfirmButton
                label="Delete upstream"
                name={upstream.name}
                title={`Delete the upstream ${upstream.name}?`}
                consequence="It leaves the draft now. What is published keeps using it until you publish again."
                call={() => deleteUpstream(at, upstream.name, { ifMatch: form.newerEtag ?? etag })}
                onDone={() => after(`Upstream ${upstream.name} left the draft.`, routes.upstreams(at.tenant))}
              />
            )}
          </FormActions>
        )}
      </fieldset>
    </Form>
  );
}
