'use client';

import { upstreamLimitsSchema, upstreamSpecSchema, upstreamTimeoutsSchema } from '@sluice/contracts';
import { Disclosure } from '@/features/ui/disclosure';
import { hasErrorsBelow } from '@/features/ui/errors-below';
import { SelectField } from '@/features/ui/field';
import { NumberFields, NumberTextField } from '@/features/ui/number-fields';
import { isSaid, isUsual, numberField } from '@/features/ui/number-part';
import { limitsSummary, timeoutsSummary } from './summaries';
import type { UpstreamFieldsProps } from './target-fields';

/** How much each gateway sends at once, and over whose connections. */
export function BreakerFields({ draft, errors, onChange }: UpstreamFieldsProps) {
  const { limits, reuse } = draft;
  return (
    <Disclosure
      title="Circuit breaker"
      summary={limitsSummary(draft)}
      isOpenAtFirst={isSaid(limits) || reuse !== undefined}
      isForcedOpen={hasErrorsBelow(errors, '/limits', '/reuse')}
    >
      <p className="text-13 text-text-2">
        How much each gateway sends at once. What is too much is answered 503 at once, and never waits.
      </p>
      <NumberFields
        pointer="/limits"
        shape={upstreamLimitsSchema.shape}
        texts={limits}
        errors={errors}
        onChange={(part) => onChange({ limits: { ...limits, ...part } })}
        words={{
          connections: {
            label: 'Connections to each target',
            hint: 'In use and idle. Beyond it, requests wait for one.',
          },
          pending: { label: 'Requests that wait for one', hint: 'Beyond it, 503.' },
          requests: {
            label: 'Requests in flight',
            placeholder: 'as connections allow',
            hint: 'To all targets together. Beyond it, 503.',
          },
          retries: {
            label: 'Repetitions in flight',
            placeholder: 'as the retry budget allows',
            hint: 'What is tried again at all stands at each route.',
          },
        }}
      />
      <SelectField
        label="Requests that may follow each other on one connection"
        value={reuse ?? 'tenant'}
        onChange={(event) => onChange({ reuse: event.target.value === 'credential' ? 'credential' : undefined })}
        error={errors['/reuse']}
      >
        <option value="tenant">all that come here</option>
        <option value="credential">those of one credential</option>
      </SelectField>
    </Disclosure>
  );
}

const firstByte = numberField(upstreamSpecSchema.shape.timeoutMs);

/** How long each part of an exchange may take. */
export function TimeoutFields({ draft, errors, onChange }: UpstreamFieldsProps) {
  const { timeouts, timeoutMs } = draft;
  return (
    <Disclosure
      title="Timeouts"
      summary={timeoutsSummary(draft)}
      isOpenAtFirst={isSaid(timeouts) || !isUsual(timeoutMs, firstByte)}
      isForcedOpen={hasErrorsBelow(errors, '/timeouts', '/timeoutMs')}
    >
      <NumberFields
        pointer="/timeouts"
        shape={upstreamTimeoutsSchema.shape}
        texts={timeouts}
        errors={errors}
        onChange={(part) => onChange({ timeouts: { ...timeouts, ...part } })}
        words={{
          connectMs: { label: 'Connect, ms', hint: 'To open a connection, TLS included.' },
          idleMs: { label: 'Pause within an answer, ms', hint: 'What the client does not read does not count.' },
          keepAliveMs: {
            label: 'Unused connections are kept, ms',
            hint: 'Keep it below what the target does. 0: not at all.',
          },
        }}
      >
        <NumberTextField
          label="First byte, ms"
          hint="From sending the request to the first byte of the answer."
          field={firstByte}
          value={timeoutMs}
          onChange={(text) => onChange({ timeoutMs: text })}
          error={errors['/timeoutMs']}
        />
      </NumberFields>
    </Disclosure>
  );
}
