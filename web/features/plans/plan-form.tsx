'use client';

import { planCreateSchema } from '@sluice/contracts';
import type { Api, Plan } from '@sluice/contracts';
import { useState } from 'react';
import { createPlan, deletePlan, getPlan, putPlan } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { slugFrom } from '@/features/auth/slug';
import { routes } from '@/features/navigation/routes';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { FormRefusal } from '@/features/ui/conflict';
import { Checkbox, TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormActions } from '@/features/ui/form-actions';
import { AddButton } from '@/features/ui/list-buttons';
import { listed, nextId } from '@/features/ui/list-draft';
import { Card } from '@/features/ui/page-header';
import { TagsField } from '@/features/ui/tags-field';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { emptyLimit, limitDraftOf, limitOf } from './limit-draft';
import type { LimitDraft } from './limit-draft';
import { LimitFields } from './limit-fields';

interface PlanFormProps {
  at: At;
  apis: readonly Api[];
  plan?: Plan;
  etag?: string | undefined;
  isReadOnly?: boolean;
}

export function PlanForm({ at, apis, plan, etag, isReadOnly = false }: PlanFormProps) {
  const [title, setTitle] = useState(plan?.title ?? '');
  const [ownName, setOwnName] = useState<string | null>(plan?.name ?? null);
  const name = ownName ?? slugFrom(title);
  const [chosen, setChosen] = useState<readonly string[]>(plan?.apis ?? apis.map((api) => api.name));
  const [limits, setLimits] = useState<readonly LimitDraft[]>(
    () => plan?.limits.map(limitDraftOf) ?? [emptyLimit(0, 'window')],
  );
  const [tags, setTags] = useState(plan?.tags?.join(', ') ?? '');
  const show = (theirs: Plan): void => {
    setTitle(theirs.title);
    setChosen(theirs.apis);
    setLimits(theirs.limits.map(limitDraftOf));
    setTags(theirs.tags?.join(', ') ?? '');
  };
  const after = useAfter();
  const form = useForm({
    schema: planCreateSchema,
    call: ({ name: newName, ...spec }, key, newerEtag) =>
      plan === undefined
        ? createPlan(at, { name: newName, ...spec }, key)
        : putPlan(at, plan.name, spec, { ifMatch: newerEtag ?? etag }),
    current: () => getPlan(at, plan?.name ?? ''),
    onDone: ({ value }) => after(`Plan ${value.title} is in the draft.`, routes.plans(at.tenant)),
  });
  const known = [...new Set([...apis.map((api) => api.name), ...chosen])];
  const set = (id: number, change: Partial<LimitDraft>) =>
    setLimits(limits.map((limit) => (limit.id === id ? { ...limit, ...change } : limit)));

  const input = { name, title, apis: chosen, limits: limits.map(limitOf), ...listed('tags', tags) };
  return (
    <Form form={form} input={input}>
      <fieldset disabled={isReadOnly} className="flex max-w-[760px] min-w-0 flex-col gap-4">
        <legend className="sr-only">Plan</legend>
        <Card className="flex flex-col gap-4">
          <TextField
            label="Title"
            value={title}
            onChange={(event) => setTitle(event.target.value)}
            hint="As consumers read it."
            error={form.errors['/title']}
          />
          {plan === undefined && (
            <TextField
              label="Name"
              isMono
              value={name}
              onChange={(event) => setOwnName(event.target.value)}
              hint="It cannot be changed later."
              error={form.errors['/name']}
            />
          )}
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-1 font-strong text-13">APIs</legend>
            {known.length === 0 && <p className="text-text-2">There is no API to include yet.</p>}
            {known.map((api) => (
              <Checkbox
                key={api}
                label={apis.find((one) => one.name === api)?.title ?? `${api} (not in the draft)`}
                checked={chosen.includes(api)}
                onChange={(event) =>
                  setChosen(event.target.checked ? [...chosen, api] : chosen.filter((one) => one !== api))
                }
              />
            ))}
          </fieldset>
          <TagsField tags={tags} errors={form.errors} onChange={setTags} />
        </Card>
        <Card className="flex flex-col gap-4">
          <div>
            <h2 className="text-16">Limits</h2>
            <p className="text-13 text-text-2">
              They belong to a subscription, not to a key, and hold over all gateways together. All must have room.
            </p>
          </div>
          {limits.map((limit, index) => (
            <LimitFields
              key={limit.id}
              limit={limit}
              index={index}
              errors={form.errors}
              isReadOnly={isReadOnly}
              onChange={(change) => set(limit.id, change)}
              onRemove={() => setLimits(limits.filter((one) => one.id !== limit.id))}
            />
          ))}
          {limits.length === 0 && <p className="text-text-2">No limit: a subscriber may call as often as they like.</p>}
          {form.errors['/limits'] !== undefined && <p className="text-13 text-bad">{form.errors['/limits']}</p>}
          {!isReadOnly && (
            <AddButton onClick={() => setLimits([...limits, emptyLimit(nextId(limits), 'quota')])}>
              Add a limit
            </AddButton>
          )}
        </Card>
        <FormRefusal form={form} input={input} onTake={show} />
        {!isReadOnly && (
          <FormActions
            label={plan === undefined ? 'Create plan' : 'Save to the draft'}
            isSending={form.isSending}
            backTo={routes.plans(at.tenant)}
          >
            {plan !== undefined && (
              <ConfirmButton
                label="Delete plan"
                name={plan.title}
                title={`Delete the plan ${plan.title}?`}
                consequence="It leaves the draft now; a plan with subscriptions cannot be deleted. What is published keeps it until you publish again."
                call={() => deletePlan(at, plan.name, { ifMatch: form.newerEtag ?? etag })}
                onDone={() => after(`Plan ${plan.title} left the draft.`, routes.plans(at.tenant))}
              />
            )}
          </FormActions>
        )}
      </fieldset>
    </Form>
  );
}
