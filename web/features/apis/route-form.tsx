'use client';

import { routeCreateSchema } from '@sluice/contracts';
import type { Route } from '@sluice/contracts';
import { useState } from 'react';
import { createRoute, deleteRoute, putRoute } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { Checkbox, SelectField, TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormActions } from '@/features/ui/form-actions';
import { Card } from '@/features/ui/page-header';
import { FormFailure } from '@/features/ui/states';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { ArmFields } from './arm-fields';
import { commonMethods, draftOf, emptyRoute, specOf } from './route-draft';
import type { RouteDraft } from './route-draft';

interface RouteFormProps {
  at: At;
  api: string;
  upstreams: readonly string[];
  /** The route to change; without it one is made. */
  route?: Route;
  etag?: string | undefined;
  isReadOnly?: boolean;
}

export function RouteForm({ at, api, upstreams, route, etag, isReadOnly = false }: RouteFormProps) {
  const [draft, setDraft] = useState<RouteDraft>(() =>
    route === undefined ? emptyRoute(api, upstreams[0] ?? '') : draftOf(route),
  );
  const set = (change: Partial<RouteDraft>) => setDraft((before) => ({ ...before, ...change }));
  const after = useAfter();
  const form = useForm({
    schema: routeCreateSchema,
    call: ({ name, ...rest }, key) =>
      route === undefined
        ? createRoute(at, api, { name, ...rest }, key)
        : putRoute(at, api, route.name, rest, { ifMatch: etag }),
    onDone: ({ value }) =>
      after(`Route ${value.name} is in the draft. Publish to serve it.`, routes.api(at.tenant, api)),
  });
  const { errors } = form;
  const pathError =
    errors['/match/path/prefix'] ??
    errors['/match/path/exact'] ??
    (errors['/match/path'] === undefined ? undefined : 'Begin with / and leave out spaces, ?, # and \\.');
  return (
    <Form form={form} input={specOf(draft)}>
      <fieldset disabled={isReadOnly} className="flex max-w-[760px] min-w-0 flex-col gap-4">
        <Card className="flex flex-col gap-4">
          <h2 className="text-16">Which requests it takes</h2>
          {route === undefined && (
            <TextField
              label="Name"
              isMono
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
              error={errors['/name']}
            />
          )}
          <div className="grid gap-3 sm:grid-cols-[180px_minmax(0,1fr)]">
            <SelectField
              label="Path"
              value={draft.pathKind}
              onChange={(event) => set({ pathKind: event.target.value === 'exact' ? 'exact' : 'prefix' })}
            >
              <option value="prefix">begins with</option>
              <option value="exact">is exactly</option>
            </SelectField>
            <TextField
              label="Text of the path"
              isMono
              spellCheck={false}
              value={draft.path}
              onChange={(event) => set({ path: event.target.value })}
              hint={draft.pathKind === 'prefix' ? 'Whole segments: /users takes /users/7, not /users2.' : undefined}
              error={pathError}
            />
          </div>
          <fieldset>
            <legend className="mb-1 font-strong text-13">Methods</legend>
            <div className="flex flex-wrap gap-x-4 gap-y-1">
              {commonMethods.map((method) => (
                <Checkbox
                  key={method}
                  label={method}
                  checked={draft.methods.includes(method)}
                  onChange={(event) =>
                    set({
                      methods: event.target.checked
                        ? [...draft.methods, method]
                        : draft.methods.filter((one) => one !== method),
                    })
                  }
                />
              ))}
            </div>
            <p className="mt-1 text-12 text-text-3">None chosen: every method.</p>
          </fieldset>
          <TextField
            label="Hosts"
            isOptional
            isMono
            spellCheck={false}
            value={draft.hosts}
            onChange={(event) => set({ hosts: event.target.value })}
            hint="With commas between. Empty: every host of this environment."
            error={firstBelow(errors, '/match/hosts')}
          />
          <TextField
            label="Take off before it goes upstream"
            isOptional
            isMono
            spellCheck={false}
            value={draft.strip}
            onChange={(event) => set({ strip: event.target.value })}
            error={errors['/strip']}
          />
        </Card>
        <Card className="flex flex-col gap-4">
          <h2 className="text-16">Who may call</h2>
          <Checkbox
            label="Ask for an API key"
            hint="Without it everybody may call, and no plan limits them."
            checked={draft.asksForKey}
            onChange={(event) => set({ asksForKey: event.target.checked })}
          />
          {draft.asksForKey && (
            <TextField
              label="Header of the key"
              isMono
              spellCheck={false}
              value={draft.keyHeader}
              onChange={(event) => set({ keyHeader: event.target.value })}
              error={firstBelow(errors, '/policies')}
            />
          )}
        </Card>
        <ArmFields
          tenant={at.tenant}
          draft={draft}
          upstreams={upstreams}
          errors={errors}
          isPublishedOnce={route !== undefined}
          isReadOnly={isReadOnly}
          onChange={set}
        />
        <FormFailure failure={form.failure} />
        {!isReadOnly && (
          <FormActions
            label={route === undefined ? 'Add route' : 'Save to the draft'}
            isSending={form.isSending}
            backTo={routes.api(at.tenant, api)}
          >
            {route !== undefined && (
              <ConfirmButton
                label="Delete route"
                name={route.name}
                title={`Delete the route ${route.name}?`}
                consequence="It leaves the draft now. Its requests are answered until you publish; from then on they get 404."
                call={() => deleteRoute(at, api, route.name, { ifMatch: etag })}
                onDone={() => after(`Route ${route.name} left the draft.`, routes.api(at.tenant, api))}
              />
            )}
          </FormActions>
        )}
      </fieldset>
    </Form>
  );
}

/** The first error at or below a pointer: for a field that stands for a whole list. */
export function firstBelow(errors: Readonly<Record<string, string>>, pointer: string): string | undefined {
  return Object.entries(errors).find(([at]) => at === pointer || at.startsWith(`${pointer}/`))?.[1];
}
