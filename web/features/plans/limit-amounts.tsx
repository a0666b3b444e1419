'use client';

// The amount of a limit, one set of fields for each kind.
import { quotaPeriods } from '@sluice/contracts';
import type { ComponentType } from 'react';
import { Checkbox, SelectField, TextField } from '@/features/ui/field';
import type { LimitDraft, LimitKind } from './limit-draft';

interface AmountProps {
  limit: LimitDraft;
  errorAt: (field: string) => string | undefined;
  onChange: (change: Partial<LimitDraft>) => void;
}

export const amounts: Record<LimitKind, ComponentType<AmountProps>> = {
  window: WindowAmount,
  quota: QuotaAmount,
  rate: RateAmount,
  concurrency: ConcurrencyAmount,
};

/** Whatever is wrong with a number, this mends it. */
function whole(error: string | undefined): string | undefined {
  return error === undefined ? undefined : 'Write a whole number, at least 1.';
}

function WindowAmount({ limit, errorAt, onChange }: AmountProps) {
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label="Units per window"
        isMono
        value={limit.window}
        onChange={(event) => onChange({ window: event.target.value })}
        hint="Such as 100/minute, 900/day or 50/36h"
        error={errorAt('window')}
      />
      <Checkbox
        label="Sliding"
        hint="No stretch of that length ever holds more, wherever it begins."
        checked={limit.sliding === true}
        onChange={(event) => onChange({ sliding: event.target.checked ? true : undefined })}
      />
    </div>
  );
}

function RateAmount({ limit, errorAt, onChange }: AmountProps) {
  return (
    <div className="grid items-start gap-3 xs:grid-cols-2">
      <TextField
        label="Units per time"
        isMono
        value={limit.rate}
        onChange={(event) => onChange({ rate: event.target.value })}
        hint="Such as 10/second or 100/minute"
        error={errorAt('rate')}
      />
      <TextField
        label="Burst"
        isOptional
        isMono
        inputMode="numeric"
        value={limit.burst}
        onChange={(event) => onChange({ burst: event.target.value })}
        hint="How many may come at once. Empty: what one second brings."
        error={whole(errorAt('burst'))}
      />
    </div>
  );
}

function QuotaAmount({ limit, errorAt, onChange }: AmountProps) {
  return (
    <div className="grid items-start gap-3 xs:grid-cols-[minmax(0,1fr)_96px_minmax(0,1.6fr)]">
      <TextField
        label="Units"
        isMono
        inputMode="numeric"
        value={limit.quotaUnits}
        onChange={(event) => onChange({ quotaUnits: event.target.value })}
        error={whole(errorAt('quota'))}
      />
      <SelectField
        label="Per"
        value={limit.quotaPeriod}
        onChange={(event) =>
          onChange({ quotaPeriod: quotaPeriods.find((one) => one === event.target.value) ?? limit.quotaPeriod })
        }
      >
        {quotaPeriods.map((period) => (
          <option key={period}>{period}</option>
        ))}
      </SelectField>
      <SelectField
        label="Counted from"
        value={limit.anchor ?? 'calendar'}
        onChange={(event) => onChange({ anchor: event.target.value === 'subscription' ? 'subscription' : undefined })}
        error={errorAt('anchor')}
      >
        <option value="calendar">calendar, in UTC</option>
        <option value="subscription">start of the subscription</option>
      </SelectField>
    </div>
  );
}

function ConcurrencyAmount({ limit, errorAt, onChange }: AmountProps) {
  return (
    <TextField
      label="Requests at a time"
      isMono
      inputMode="numeric"
      value={limit.concurrency}
      onChange={(event) => onChange({ concurrency: event.target.value })}
      hint="Of one subscription, over all gateways together."
      error={whole(errorAt('concurrency'))}
    />
  );
}
