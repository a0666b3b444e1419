'use client';

import { targetSpecSchema } from '@sluice/contracts';
import { useState } from 'react';
import { TextField } from '@/features/ui/field';
import { AddButton, RemoveButton } from '@/features/ui/list-buttons';
import { NumberTextField } from '@/features/ui/number-fields';
import { numberField } from '@/features/ui/number-part';
import { shareOf } from './summaries';
import { emptyTarget } from './upstream-draft';
import type { TargetDraft, UpstreamDraft } from './upstream-draft';

export interface UpstreamFieldsProps {
  draft: UpstreamDraft;
  errors: Readonly<Record<string, string>>;
  onChange: (change: Partial<UpstreamDraft>) => void;
}

/** Where requests go. One target needs no weight. */
export function TargetFields({
  draft: { targets },
  errors,
  isReadOnly,
  onChange,
}: UpstreamFieldsProps & { isReadOnly: boolean }) {
  return (
    <>
      {targets.map((target, index) => (
        <TargetRow
          key={target.id}
          target={target}
          index={index}
          targets={targets}
          errors={errors}
          isReadOnly={isReadOnly}
          onChange={(changed) => onChange({ targets: targets.map((one) => (one === target ? changed : one)) })}
          onRemove={() => onChange({ targets: targets.filter((one) => one !== target) })}
        />
      ))}
      {errors['/targets'] !== undefined && (
        <p role="alert" className="text-12 text-bad">
          {errors['/targets']}
        </p>
      )}
      {!isReadOnly && (
        <AddButton onClick={() => onChange({ targets: [...targets, emptyTarget(targets)] })}>Add a target</AddButton>
      )}
    </>
  );
}

const weightField = numberField(targetSpecSchema.shape.weight);

interface TargetRowProps {
  target: TargetDraft;
  index: number;
  /** All of them: a weight is a share among them. */
  targets: readonly TargetDraft[];
  errors: Readonly<Record<string, string>>;
  isReadOnly: boolean;
  onChange: (target: TargetDraft) => void;
  onRemove: () => void;
}

function TargetRow({ target, index, targets, errors, isReadOnly, onChange, onRemove }: TargetRowProps) {
  const weightError = errors[`/targets/${index}/weight`];
  const isWeighted = weightError !== undefined || !['', '1'].includes(target.weight);
  // A weight that was said once keeps its field: it must not go while somebody types another.
  const [wasWeighted, setWasWeighted] = useState(isWeighted);
  if (isWeighted && !wasWeighted) setWasWeighted(true);
  const isShared = targets.length > 1;
  const hasWeight = isShared || wasWeighted;
  const canRemove = isShared && !isReadOnly;
  const columns = hasWeight ? 'sm:grid-cols-[minmax(0,1fr)_120px_32px]' : '';
  return (
    <div className={`grid grid-cols-[minmax(0,1fr)_32px] items-start gap-3 ${columns}`}>
      <div className={canRemove ? '' : hasWeight ? 'max-sm:col-span-2' : 'col-span-2'}>
        <TextField
          label={isShared ? `Target URL ${index + 1}` : 'Target URL'}
          type="url"
          isMono
          placeholder="https://users.acme.dev"
          value={target.url}
          onChange={(event) => onChange({ ...target, url: event.target.value })}
          error={errors[`/targets/${index}/url`]}
        />
      </div>
      {hasWeight && (
        <div className="max-sm:col-span-2 max-sm:row-start-2">
          <NumberTextField
            label="Weight"
            field={weightField}
            value={target.weight}
            onChange={(weight) => onChange({ ...target, weight })}
            hint={shareOf(target, targets)}
            error={weightError}
          />
        </div>
      )}
      {canRemove && <RemoveButton what={`target ${index + 1}`} onClick={onRemove} />}
    </div>
  );
}
