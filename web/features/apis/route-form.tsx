'use client';

import { routeCreateSchema } from '@sluice/contracts';
import type { Route } from '@sluice/contracts';
import { useState } from 'react';
import { createRoute, deleteRoute, getRoute, putRoute } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { FormRefusal } from '@/features/ui/conflict';
import { Form } from '@/features/ui/form';
import { FormActions } from '@/features/ui/form-actions';
import { Card } from '@/features/ui/page-header';
import { TagsField } from '@/features/ui/tags-field';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { CallerFields } from './caller-fields';
import { EndingFields } from './ending-fields';
import { MatchFields } from './match-fields';
import { simpleKeyHeader, unreadableSettings } from './policy-draft';
import { PolicyFields } from './policy-fields';
import { isRetryShown } from './retry-draft';
import { draftOf, emptyRoute, specOf } from './route-draft';
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
    check: () => unreadableSettings(draft.policies),
    call: ({ name, ...rest }, key, newerEtag) =>
      route === undefined
        ? createRoute(at, api, { name, ...rest }, key)
        : putRoute(at, api, route.name, rest, { ifMatch: newerEtag ?? etag }),
    current: () => getRoute(at, api, route?.name ?? ''),
    onDone: ({ value }) =>
      after(`Route ${value.name} is in the draft. Publish to serve it.`, routes.api(at.tenant, api)),
  });
  const fields = { draft, errors: form.errors, isReadOnly, onChange: set };
  const input = specOf(draft);
  return (
    <Form form={form} input={input}>
      <fieldset disabled={isReadOnly} className="flex max-w-[760px] min-w-0 flex-col gap-4">
        <legend className="sr-only">Route</legend>
        <MatchFields {...fields} isNew={route === undefined} />
        <CallerFields {...fields} />
        <PolicyFields
          policies={draft.policies}
          note="What else is applied to these requests."
          isElsewhere={(policy) => simpleKeyHeader(policy) !== undefined || isRetryShown(draft, policy)}
          errors={form.errors}
          isReadOnly={isReadOnly}
          onChange={(policies) => set({ policies })}
        />
        <EndingFields {...fields} tenant={at.tenant} upstreams={upstreams} isPublishedOnce={route !== undefined} />
        <Card>
          <TagsField tags={draft.tags} errors={form.errors} onChange={(tags) => set({ tags })} />
        </Card>
        <FormRefusal form={form} input={input} onTake={(theirs) => setDraft(draftOf(theirs))} />
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
                call={() => deleteRoute(at, api, route.name, { ifMatch: form.newerEtag ?? etag })}
                onDone={() => after(`Route ${route.name} left the draft.`, routes.api(at.tenant, api))}
              />
            )}
          </FormActions>
        )}
      </fieldset>
    </Form>
  );
}
