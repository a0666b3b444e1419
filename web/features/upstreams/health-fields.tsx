'use client';

import { ejectionSpecSchema, healthSpecSchema } from '@sluice/contracts';
import { Disclosure } from '@/features/ui/disclosure';
import { firstBelow, hasErrorsBelow } from '@/features/ui/errors-below';
import { Checkbox, TextField } from '@/features/ui/field';
import { NumberFields } from '@/features/ui/number-fields';
import { isSaid } from '@/features/ui/number-part';
import { ejectionSummary, healthSummary } from './summaries';
import type { UpstreamFieldsProps } from './target-fields';

/** Whether gateways ask targets how they are. */
export function HealthFields({ draft, errors, onChange }: UpstreamFieldsProps) {
  const { health } = draft;
  const set = (part: Partial<typeof health>) => onChange({ health: { ...health, ...part } });
  return (
    <Disclosure
      title="Health checks"
      summary={healthSummary(draft)}
      isOpenAtFirst={health.isOn}
      isForcedOpen={hasErrorsBelow(errors, '/health')}
    >
      <Checkbox
        label="Ask each target whether it is healthy"
        hint="Each gateway asks by itself. A target that fails its checks gets no requests until it passes them again."
        checked={health.isOn}
        onChange={(event) => set({ isOn: event.target.checked })}
      />
      {health.isOn && (
        <>
          <div className="grid items-start gap-3 xs:grid-cols-2">
            <TextField
              label="Path"
              isMono
              placeholder="usually /"
              value={health.path}
              onChange={(event) => set({ path: event.target.value })}
              hint="Asked with GET, after the target's own path."
              error={errors['/health/path']}
            />
            <TextField
              label="Answers of a healthy target"
              isMono
              placeholder="usually 2xx"
              value={health.statuses}
              onChange={(event) => set({ statuses: event.target.value })}
              hint="With commas between: 2xx, 301"
              error={
                firstBelow(errors, '/health/statuses') === undefined
                  ? undefined
                  : 'Write statuses from 200 to 599, or 2xx, 3xx, 4xx, with commas between; 20 at most.'
              }
            />
          </div>
          <NumberFields
            pointer="/health"
            shape={healthSpecSchema.shape}
            texts={health}
            errors={errors}
            onChange={set}
            words={{
              intervalMs: { label: 'From one check to the next, ms' },
              timeoutMs: {
                label: 'A check fails after, ms',
                hint: 'Connecting included.',
                fix: 'Write a time no longer than from one check to the next.',
              },
              unhealthyAfter: { label: 'Failed checks until it is out', hint: 'In a row.' },
              healthyAfter: { label: 'Good checks until it is back', hint: 'In a row.' },
            }}
          />
        </>
      )}
    </Disclosure>
  );
}

/** What happens to targets that fail the requests themselves. */
export function EjectionFields({ draft, errors, onChange }: UpstreamFieldsProps) {
  const { ejection } = draft;
  return (
    <Disclosure
      title="Ejection"
      summary={ejectionSummary(draft)}
      isOpenAtFirst={isSaid(ejection)}
      isForcedOpen={hasErrorsBelow(errors, '/ejection')}
    >
      <p className="text-13 text-text-2">
        A target that fails requests in a row gets none for a while. Each gateway judges by what it sees; 0 turns a
        count off.
      </p>
      <NumberFields
        pointer="/ejection"
        shape={ejectionSpecSchema.shape}
        texts={ejection}
        errors={errors}
        onChange={(part) => onChange({ ejection: { ...ejection, ...part } })}
        words={{
          consecutive5xx: { label: '5xx answers in a row', hint: 'What the next two count counts here too.' },
          consecutiveGatewayErrors: {
            label: 'Gateway errors in a row',
            hint: '502, 503, 504, answers that break off or do not begin in time.',
          },
          consecutiveConnectFailures: {
            label: 'Failed connections in a row',
            hint: 'Connections that cannot be opened.',
          },
          baseMs: { label: 'First ejection, ms', hint: 'The n-th in a row lasts n times as long.' },
          maxMs: {
            label: 'Longest ejection, ms',
            fix: 'Write a time no shorter than the first ejection.',
          },
          maxPercent: { label: 'Ejected at once, % of targets', hint: 'At least one may be. 0: none ever is.' },
          panicPercent: {
            label: 'Panic below, % of targets',
            hint: 'With fewer left, requests go to all of them again. 0: only when none is left.',
          },
        }}
      />
    </Disclosure>
  );
}
