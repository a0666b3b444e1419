'use client';

import { TextAreaField, TextField } from '@/features/ui/field';
import { allBelow, firstBelow } from '@/features/ui/errors-below';
import { AddButton, RemoveButton } from '@/features/ui/list-buttons';
import { nextId } from '@/features/ui/list-draft';
import { Card } from '@/features/ui/page-header';
import type { PolicyDraft } from './policy-draft';

interface PolicyFieldsProps {
  policies: readonly PolicyDraft[];
  note: string;
  /** Shown elsewhere, and only kept here. */
  isElsewhere?: (policy: PolicyDraft) => boolean;
  errors: Readonly<Record<string, string>>;
  isReadOnly: boolean;
  onChange: (policies: readonly PolicyDraft[]) => void;
}

/** Policies by name, each with its settings as JSON. */
export function PolicyFields({ policies, note, isElsewhere, errors, isReadOnly, onChange }: PolicyFieldsProps) {
  const set = (id: number, change: Partial<PolicyDraft>) =>
    onChange(policies.map((policy) => (policy.id === id ? { ...policy, ...change, isWritten: true } : policy)));
  const shown = policies
    .map((policy, index) => ({ policy, index }))
    .filter(({ policy }) => isElsewhere?.(policy) !== true);
  return (
    <Card className="flex flex-col gap-4">
      <div>
        <h2 className="text-16">Policies</h2>
        <p className="text-13 text-text-2">{note} Their order means nothing: each has its fixed place.</p>
      </div>
      {shown.map(({ policy, index }) => (
        <fieldset key={policy.id} className="flex min-w-0 flex-col gap-3 rounded-control border border-line p-3">
          <legend className="sr-only">Policy {policy.name === '' ? index + 1 : policy.name}</legend>
          <div className="grid items-start gap-3 grid-cols-[minmax(0,1fr)_32px]">
            <TextField
              label="Policy"
              isMono
              value={policy.name}
              onChange={(event) => set(policy.id, { name: event.target.value })}
              hint="Its name, such as cors or jwt."
              error={nameError(policy, index, errors)}
            />
            {!isReadOnly && (
              <RemoveButton
                what={`the policy ${policy.name}`}
                onClick={() => onChange(policies.filter((one) => one.id !== policy.id))}
              />
            )}
          </div>
          <TextAreaField
            label={policy.name === '' ? 'Settings' : `Settings of ${policy.name}`}
            isMono
            value={policy.text}
            onChange={(event) => set(policy.id, { text: event.target.value })}
            hint="JSON, as in the configuration document. A secret is set under Secrets, and stands here as secret:<name>."
            error={isName(policy.name) ? allBelow(errors, `/policies/${index}/${policy.name.trim()}`) : undefined}
          />
        </fieldset>
      ))}
      {shown.length === 0 && <p className="text-text-2">None.</p>}
      {errors['/policies'] !== undefined && <p className="text-12 text-bad">{errors['/policies']}</p>}
      {!isReadOnly && (
        <AddButton onClick={() => onChange([...policies, { id: nextId(policies), name: '', text: '{}' }])}>
          Add a policy
        </AddButton>
      )}
    </Card>
  );
}

function nameError({ name }: PolicyDraft, index: number, errors: PolicyFieldsProps['errors']): string | undefined {
  const own = errors[`/policies/${index}`];
  if (own !== undefined || isName(name)) return own;
  return firstBelow(errors, `/policies/${index}`) === undefined
    ? undefined
    : 'Write the name of a policy: a-z and dashes.';
}

function isName(name: string): boolean {
  return /^[a-z][a-z-]{0,39}$/.test(name.trim());
}
