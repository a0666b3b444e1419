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
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormActions } from '@/features/ui/form-actions';
import { Card } from '@/features/ui/page-header';
import { FormFailure } from '@/features/ui/states';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';

interface UpstreamFormProps {
  at: At;
  upstream?: Upstream;
  etag?: string | undefined;
  isReadOnly?: boolean;
}

export function UpstreamForm({ at, upstream, etag, isReadOnly = false }: UpstreamFormProps) {
  const [name, setName] = useState(upstream?.name ?? '');
  const [targets, setTargets] = useState(
    () =>
      upstream?.targets.map((target, id) => ({ id, url: target.url, weight: String(target.weight) })) ?? [
        { id: 0, url: '', weight: '1' },
      ],
  );
  const [timeoutMs, setTimeoutMs] = useState(String(upstream?.timeoutMs ?? 30_000));
  const after = useAfter();
  const form = useForm({
    schema: upstreamCreateSchema,
    call: ({ name: newName, ...spec }, key) =>
      upstream === undefined
        ? createUpstream(at, { name: newName, ...spec }, key)
        : putUpstream(at, upstream.name, spec, { ifMatch: etag }),
    onDone: ({ value }) => after(`Upstream ${value.name} is in the draft.`, routes.upstreams(at.tenant)),
  });
  const set = (id: number, change: { url?: string; weight?: string }) =>
    setTargets(targets.map((target) => (target.id === id ? { ...target, ...change } : target)));

  return (
    <Form
      form={form}
      input={{
        name,
        targets: targets.map((target) => ({ url: target.url.trim(), weight: Number(target.weight) })),
        timeoutMs: Number(timeoutMs),
      }}
    >
      <fieldset disabled={isReadOnly} className="flex max-w-[640px] flex-col gap-4">
        <legend className="sr-only">Upstream</legend>
        <Card className="flex flex-col gap-4">
          {upstream === undefined && (
            <TextField
              label="Name"
              isMono
              spellCheck={false}
              value={name}
              onChange={(event) => setName(event.target.value)}
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
                  onClick={() => setTargets(targets.filter((one) => one.id !== target.id))}
                >
                  <Trash2 aria-hidden />
                </Button>
              )}
            </div>
          ))}
          <div>
            <Button
              onClick={() =>
                setTargets([
                  ...targets,
                  { id: Math.max(-1, ...targets.map((one) => one.id)) + 1, url: '', weight: '1' },
                ])
              }
            >
              <Plus aria-hidden />
              Add a target
            </Button>
          </div>
          <TextField
            label="Timeout, ms"
            inputMode="numeric"
            value={timeoutMs}
            onChange={(event) => setTimeoutMs(event.target.value)}
            hint="From sending the request to the first byte of the answer."
            error={form.errors['/timeoutMs']}
          />
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
