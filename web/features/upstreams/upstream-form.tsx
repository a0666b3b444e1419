'use client';

import { upstreamCreateSchema } from '@sluice/contracts';
import type { Upstream } from '@sluice/contracts';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { createUpstream, deleteUpstream, putUpstream } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { Button } from '@/features/ui/button';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { Checkbox, TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormActions } from '@/features/ui/form-actions';
import { Card } from '@/features/ui/page-header';
import { FormFailure } from '@/features/ui/states';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { emptyUpstream, upstreamDraftOf, upstreamOf } from './upstream-draft';
import type { TargetDraft, UpstreamDraft } from './upstream-draft';

interface UpstreamFormProps {
  at: At;
  upstream?: Upstream;
  etag?: string | undefined;
  isReadOnly?: boolean;
}

export function UpstreamForm({ at, upstream, etag, isReadOnly = false }: UpstreamFormProps) {
  const [draft, setDraft] = useState<UpstreamDraft>(() =>
    upstream === undefined ? emptyUpstream() : upstreamDraftOf(upstream),
  );
  const { targets } = draft;
  const unseen = Object.keys(draft.rest);
  const change = (part: Partial<UpstreamDraft>) => setDraft((before) => ({ ...before, ...part }));
  const after = useAfter();
  const form = useForm({
    schema: upstreamCreateSchema,
    call: ({ name: newName, ...spec }, key) =>
      upstream === undefined
        ? createUpstream(at, { name: newName, ...spec }, key)
        : putUpstream(at, upstream.name, spec, { ifMatch: etag }),
    onDone: ({ value }) => after(`Upstream ${value.name} is in the draft.`, routes.upstreams(at.tenant)),
  });
  const set = (id: number, part: Partial<TargetDraft>) =>
    change({ targets: targets.map((target) => (target.id === id ? { ...target, ...part } : target)) });

  return (
    <Form form={form} input={upstreamOf(draft)}>
      <fieldset disabled={isReadOnly} className="flex max-w-[640px] flex-col gap-4">
        <legend className="sr-only">Upstream</legend>
        <Card className="flex flex-col gap-4">
          {upstream === undefined && (
            <TextField
              label="Name"
              isMono
              spellCheck={false}
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
              hint="Routes refer to it. It cannot be changed later."
              error={form.errors['/name']}
            />
          )}
          {targets.map((target, index) => (
            <div key={target.id} className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_100px_32px]">
              <TextField
                label={targets.length === 1 ? 'Target URL' : `Target URL ${index + 1}`}
                type="url"
                isMono
                spellCheck={false}
                placeholder="https://users.acme.dev"
                value={target.url}
                onChange={(event) => set(target.id, { url: event.target.value })}
                error={form.errors[`/targets/${index}/url`]}
              />
              <TextField
                label="Weight"
                inputMode="numeric"
                value={target.weight}
                onChange={(event) => set(target.id, { weight: event.target.value })}
                error={form.errors[`/targets/${index}/weight`]}
              />
              {targets.length > 1 && (
                <Button
                  look="quiet"
                  className="justify-self-end sm:mt-[22px]"
                  aria-label={`Remove target ${index + 1}`}
                  onClick={() => change({ targets: targets.filter((one) => one.id !== target.id) })}
                >
                  <Trash2 aria-hidden />
                </Button>
              )}
            </div>
          ))}
          <div>
            <Button
              onClick={() =>
                change({
                  targets: [
                    ...targets,
                    { id: Math.max(-1, ...targets.map((one) => one.id)) + 1, url: '', weight: '1', resolve: undefined },
                  ],
                })
              }
            >
              <Plus aria-hidden />
              Add a target
            </Button>
          </div>
          <TextField
            label="Timeout, ms"
            inputMode="numeric"
            value={draft.timeoutMs}
            onChange={(event) => change({ timeoutMs: event.target.value })}
            hint="From sending the request to the first byte of the answer."
            error={form.errors['/timeoutMs']}
          />
          <Checkbox
            label="Send the gateway's signed token"
            hint="Each request carries X-Sluice-Identity, a short-lived JWT that says who calls."
            checked={draft.token === true}
            onChange={(event) => change({ token: event.target.checked ? true : undefined })}
          />
          {unseen.length > 0 && (
            <p className="text-13 text-text-2">
              Also set: {unseen.join(', ')}. They stay as they are; the API changes them.
            </p>
          )}
        </Card>
        <FormFailure failure={form.failure} />
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
                call={() => deleteUpstream(at, upstream.name, { ifMatch: etag })}
                onDone={() => after(`Upstream ${upstream.name} left the draft.`, routes.upstreams(at.tenant))}
              />
            )}
          </FormActions>
        )}
      </fieldset>
    </Form>
  );
}
