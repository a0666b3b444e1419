'use client';

import { Checkbox, SelectField, TextField } from '@/features/ui/field';
import { Disclosure } from '@/features/ui/disclosure';
import { firstBelow, hasErrorsBelow } from '@/features/ui/errors-below';
import { Card } from '@/features/ui/page-header';
import { pathKinds } from './match-draft';
import type { PathKind } from './match-draft';
import { PredicateFields } from './predicate-fields';
import { commonMethods } from './route-draft';
import type { RouteDraft } from './route-draft';

const pathTitles: Record<PathKind, { title: string; hint?: string }> = {
  prefix: { title: 'begins with', hint: 'Whole segments: /users takes /users and /users/7, not /users2.' },
  exact: { title: 'is exactly' },
  template: {
    title: 'fits the template',
    hint: '{name} stands for one segment, {name...} at the end for the rest: /users/{id}/orders',
  },
  rawPrefix: { title: 'begins with the bytes', hint: '/users takes /users2 as well.' },
  regex: { title: 'matches the expression', hint: 'RE2 syntax; it must match the whole path: /users/[0-9]+' },
};

export interface RouteFieldsProps {
  draft: RouteDraft;
  errors: Readonly<Record<string, string>>;
  isReadOnly: boolean;
  onChange: (change: Partial<RouteDraft>) => void;
}

/** Which requests a route takes. What few routes need is folded away, and open where it is used. */
export function MatchFields({ draft, errors, isReadOnly, onChange, isNew }: RouteFieldsProps & { isNew: boolean }) {
  const { title: _, hint } = pathTitles[draft.pathKind];
  const methods = [...new Set([...commonMethods, ...draft.methods])];
  return (
    <Card className="flex flex-col gap-4">
      <h2 className="text-16">Which requests it takes</h2>
      {isNew && (
        <TextField
          label="Name"
          isMono
          value={draft.name}
          onChange={(event) => onChange({ name: event.target.value })}
          error={errors['/name']}
        />
      )}
      <div className="grid items-start gap-3 sm:grid-cols-[200px_minmax(0,1fr)]">
        <SelectField
          label="Path"
          value={draft.pathKind}
          onChange={(event) =>
            onChange({ pathKind: pathKinds.find((kind) => kind === event.target.value) ?? draft.pathKind })
          }
        >
          {pathKinds.map((kind) => (
            <option key={kind} value={kind}>
              {pathTitles[kind].title}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Text of the path"
          isMono
          value={draft.path}
          onChange={(event) => onChange({ path: event.target.value })}
          hint={hint}
          error={errors[`/match/path/${draft.pathKind}`] ?? errors['/match/path']}
        />
      </div>
      <fieldset>
        <legend className="mb-1 font-strong text-13">Methods</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {methods.map((method) => (
            <Checkbox
              key={method}
              label={method}
              checked={draft.methods.includes(method)}
              onChange={(event) =>
                onChange({
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
        value={draft.hosts}
        onChange={(event) => onChange({ hosts: event.target.value })}
        hint="With commas between; *.example.com is any name below it. Empty: every host of this environment. A host of your own is served once it is proven: see Domains."
        error={firstBelow(errors, '/match/hosts')}
      />
      <Disclosure
        title="Advanced: headers, query, priority"
        isOpenAtFirst={draft.headers !== null || draft.query !== null || draft.priority !== ''}
        isForcedOpen={hasErrorsBelow(errors, '/match/headers', '/match/query', '/match/priority')}
      >
        <PredicateFields
          what="header"
          pointer="/match/headers"
          predicates={draft.headers}
          errors={errors}
          isReadOnly={isReadOnly}
          onChange={(headers) => onChange({ headers })}
        />
        <PredicateFields
          what="query parameter"
          pointer="/match/query"
          predicates={draft.query}
          errors={errors}
          isReadOnly={isReadOnly}
          onChange={(query) => onChange({ query })}
        />
        <TextField
          label="Priority"
          isOptional
          inputMode="numeric"
          value={draft.priority}
          onChange={(event) => onChange({ priority: event.target.value })}
          hint="-1000 to 1000. The higher one wins, before what is more specific. Empty: 0."
          error={errors['/match/priority'] === undefined ? undefined : 'Write a whole number from -1000 to 1000.'}
        />
      </Disclosure>
    </Card>
  );
}
