'use client';

import { limitSchema } from '@sluice/contracts';
import { clsx } from 'clsx';
import { Trash2 } from 'lucide-react';
import { Button } from '@/features/ui/button';
import { Checkbox, SelectField, TextField } from '@/features/ui/field';
import { amounts } from './limit-amounts';
import { limitKinds, limitOf } from './limit-draft';
import type { LimitDraft } from './limit-draft';
import { limitText } from './limits-in-words';

const kindTitles = {
  window: 'requests per window',
  quota: 'quota per period',
  rate: 'even rate',
  concurrency: 'requests at a time',
} as const;

interface LimitFieldsProps {
  limit: LimitDraft;
  /** In the plan's list, from 0. */
  index: number;
  errors: Readonly<Record<string, string>>;
  isReadOnly: boolean;
  onChange: (change: Partial<LimitDraft>) => void;
  onRemove: () => void;
}

/** One limit: its kind, its amount, and what happens where it cannot be checked. What it says stands below in words. */
export function LimitFields({ limit, index, errors, isReadOnly, onChange, onRemove }: LimitFieldsProps) {
  const read = limitSchema.safeParse(limitOf(limit));
  const words = read.success ? limitText(read.data) : 'This is no limit yet.';
  const errorAt = (field: string) => errors[`/limits/${index}/${field}`];
  const Amount = amounts[limit.kind];
  const own = errors[`/limits/${index}`];
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 rounded-control border border-line p-3">
      <legend className="sr-only">Limit {index + 1}</legend>
      <div className="flex min-h-8 items-center justify-between gap-3">
        <p className={clsx('min-w-0', read.success ? 'font-strong' : 'text-text-2')}>{words}</p>
        {!isReadOnly && (
          <Button look="quiet" aria-label={`Remove the limit ${index + 1}: ${words}`} onClick={onRemove}>
            <Trash2 aria-hidden />
          </Button>
        )}
      </div>
      <div className="grid items-start gap-3 sm:grid-cols-[200px_minmax(0,1fr)]">
        <SelectField
          label="Kind"
          value={limit.kind}
          onChange={(event) => onChange({ kind: limitKinds.find((kind) => kind === event.target.value) ?? limit.kind })}
          error={own}
        >
          {limitKinds.map((kind) => (
            <option key={kind} value={kind}>
              {kindTitles[kind]}
            </option>
          ))}
        </SelectField>
        <Amount limit={limit} errorAt={errorAt} onChange={onChange} />
      </div>
      <div className="grid items-start gap-3 sm:grid-cols-[200px_minmax(0,1fr)]">
        <TextField
          label="Name"
          isOptional
          isMono
          value={limit.name}
          onChange={(event) => onChange({ name: event.target.value })}
          error={errorAt('name')}
        />
        <SelectField
          label="When it cannot be checked"
          value={limit.onOutage}
          onChange={(event) => onChange({ onOutage: event.target.value === 'local' ? 'local' : 'deny' })}
          error={errorAt('onOutage')}
        >
          <option value="deny">refuse: never over</option>
          <option value="local">serve and count the overshoot</option>
        </SelectField>
      </div>
      <Checkbox
        label="Dry run"
        hint="It refuses nothing; the record of a request says what it would have refused."
        checked={limit.dryRun === true}
        onChange={(event) => onChange({ dryRun: event.target.checked ? true : undefined })}
      />
    </fieldset>
  );
}
