'use client';

import { targetSpecSchema } from '@sluice/contracts';
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

const weightField = numberField(targetSpecSchema.shape.weight);

/** Where requests go. One target needs no weight. */
export function TargetFields({
  draft: { targets },
  errors,
  isReadOnly,
  onChange,
}: UpstreamFieldsProps & { isReadOnly: boolean }) {
  const isShared = targets.length > 1;
  const canRemove = isShared && !isReadOnly;
  const set = (id: number, part: Partial<TargetDraft>) =>
    onChange({ targets: targets.map((target) => (target.id === id ? { ...target, ...part } : target)) });
  return (
    <>
      {targets.map((target, index) => {
        const weightError = errors[`/targets/${index}/weight`];
        const hasWeight = isShared || weightError !== undefined || !['', '1'].includes(target.weight);
        const columns = hasWeight ? 'sm:grid-cols-[minmax(0,1fr)_120px_32px]' : '';
        return (
          <div key={target.id} className={`grid grid-cols-[minmax(0,1fr)_32px] items-start gap-3 ${columns}`}>
            <div className={canRemove ? '' : hasWeight ? 'max-sm:col-span-2' : 'col-span-2'}>
              <TextField
                label={isShared ? `Target URL ${index + 1}` : 'Target URL'}
                type="url"
                isMono
                placeholder="https://users.acme.dev"
                value={target.url}
                onChange={(event) => set(target.id, { url: event.target.value })}
                error={errors[`/targets/${index}/url`]}
              />
            </div>
            {hasWeight && (
              <div className="max-sm:col-span-2 max-sm:row-start-2">
                <NumberTextField
                  label="Weight"
                  field={weightField}
                  value={target.weight}
                  onChange={(weight) => set(target.id, { weight })}
                  hint={shareOf(target, targets)}
                  error={weightError}
                />
              </div>
            )}
            {canRemove && (
              <RemoveButton
                what={`target ${index + 1}`}
                onClick={() => onChange({ targets: targets.filter((one) => one.id !== target.id) })}
              />
            )}
          </div>
        );
      })}
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
