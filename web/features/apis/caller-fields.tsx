'use client';

import { Checkbox, SelectField, TextField } from '@/features/ui/field';
import { Disclosure } from '@/features/ui/disclosure';
import { hasErrorsBelow } from '@/features/ui/errors-below';
import { Card } from '@/features/ui/page-header';
import type { RouteFieldsProps } from './match-fields';
import { keyPolicy, keyText, newKeyPolicy, simpleKeyHeader } from './policy-draft';

/** Who may call, and what a call costs of its limits. */
export function CallerFields({ draft, errors, onChange }: RouteFieldsProps) {
  const index = draft.policies.findIndex(({ name }) => name === keyPolicy);
  const key = draft.policies[index];
  const header = key === undefined ? undefined : simpleKeyHeader(key);
  const costError = errors['/cost'] === undefined ? undefined : 'Write a whole number from 0 to 100,000.';
  return (
    <Card className="flex flex-col gap-4">
      <h2 className="text-16">Who may call</h2>
      <Checkbox
        label="Ask for an API key"
        hint="Without it, and without another policy that asks who calls, everybody may call, and no plan limits them."
        checked={key !== undefined}
        onChange={(event) =>
          onChange({
            policies: event.target.checked
              ? [newKeyPolicy(draft.policies), ...draft.policies]
              : draft.policies.filter(({ name }) => name !== keyPolicy),
          })
        }
      />
      {key !== undefined && header !== undefined && (
        <TextField
          label="Header of the key"
          isMono
          value={header}
          onChange={(event) =>
            onChange({
              policies: draft.policies.map((one) =>
                one === key ? { ...one, text: keyText(event.target.value) } : one,
              ),
            })
          }
          error={errors[`/policies/${index}/${keyPolicy}/header`] ?? errors[`/policies/${index}/${keyPolicy}`]}
        />
      )}
      {key !== undefined && header === undefined && (
        <p className="text-13 text-text-2">Its settings stand below, among the policies.</p>
      )}
      <Disclosure
        title="Advanced: what a request costs"
        isOpenAtFirst={draft.costKind !== 'one'}
        isForcedOpen={hasErrorsBelow(errors, '/cost')}
      >
        <div className="grid items-start gap-3 sm:grid-cols-3">
          <SelectField
            label="Units of each limit"
            value={draft.costKind}
            onChange={(event) => {
              const { value } = event.target;
              onChange({ costKind: value === 'fixed' || value === 'said' ? value : 'one' });
            }}
          >
            <option value="one">1 a request</option>
            <option value="fixed">a fixed number</option>
            <option value="said">what the upstream says</option>
          </SelectField>
          {draft.costKind === 'fixed' && (
            <TextField
              label="Units a request"
              inputMode="numeric"
              value={draft.costUnits}
              onChange={(event) => onChange({ costUnits: event.target.value })}
              error={costError}
            />
          )}
          {draft.costKind === 'said' && (
            <>
              <TextField
                label="Reserved beforehand"
                inputMode="numeric"
                value={draft.costMax}
                onChange={(event) => onChange({ costMax: event.target.value })}
                hint="The rest is refunded."
                error={errors['/cost/max'] ?? costError}
              />
              <TextField
                label="Header of the answer"
                isMono
                value={draft.costHeader}
                onChange={(event) => onChange({ costHeader: event.target.value })}
                error={errors['/cost/header']}
              />
            </>
          )}
        </div>
      </Disclosure>
    </Card>
  );
}

/** What becomes of the path before the request goes upstream. */
export function PathChangeFields({ draft, errors, onChange }: RouteFieldsProps) {
  return (
    <div className="grid items-start gap-3 sm:grid-cols-[200px_minmax(0,1fr)]">
      <SelectField
        label="Path that goes upstream"
        value={draft.pathChange}
        onChange={(event) => {
          const { value } = event.target;
          onChange({ pathChange: value === 'strip' || value === 'rewrite' ? value : 'none' });
        }}
      >
        <option value="none">as it came</option>
        <option value="strip">without its beginning</option>
        <option value="rewrite">written anew</option>
      </SelectField>
      {draft.pathChange === 'strip' && (
        <TextField
          label="Take off before it goes upstream"
          isMono
          value={draft.strip}
          onChange={(event) => onChange({ strip: event.target.value })}
          error={errors['/strip']}
        />
      )}
      {draft.pathChange === 'rewrite' && (
        <TextField
          label="New path"
          isMono
          value={draft.rewrite}
          onChange={(event) => onChange({ rewrite: event.target.value })}
          hint="{name} of the template, and {rest} for what follows the prefix, are filled in."
          error={errors['/rewrite']}
        />
      )}
    </div>
  );
}
