'use client';

import type { ArmTraffic } from '@sluice/contracts';
import { Slider } from 'radix-ui';
import { useId, useState } from 'react';
import { bpsToPercent, count, milliseconds, percent } from '@/features/ui/numbers';

interface ArmRowProps {
  name: string;
  index: number;
  upstream: string;
  setBps: number;
  wantedBps: number;
  measured: ArmTraffic['arms'][number] | undefined;
  /** Requests of all arms. */
  total: number;
  isBase: boolean;
  canEdit: boolean;
  onChange: (bps: number) => void;
}

/** One arm: its weight as a slider and a number, and beside the set weight the share that was measured. */
export function ArmRow(props: ArmRowProps) {
  const { name, index, upstream, setBps, wantedBps, measured, total, isBase, canEdit, onChange } = props;
  const id = useId();
  const colour = `var(--chart-${(index % 6) + 1})`;
  const isMovable = canEdit && !isBase;
  return (
    <div className="grid items-center gap-x-4 gap-y-2 md:grid-cols-[200px_minmax(0,1fr)_120px_240px]">
      <p className="min-w-0">
        <span className="flex items-center gap-2">
          <svg aria-hidden viewBox="0 0 16 4" className="h-1 w-4 shrink-0">
            <line
              x1="0"
              x2="16"
              y1="2"
              y2="2"
              stroke={colour}
              strokeWidth="4"
              strokeDasharray={isBase ? undefined : '5 2'}
            />
          </svg>
          <strong className="break-all" id={id}>
            {name}
          </strong>
        </span>
        <span className="block pl-6 text-12 break-all text-text-3">{upstream}</span>
      </p>
      {isMovable ? (
        <Slider.Root
          value={[wantedBps]}
          min={0}
          max={10_000}
          step={100}
          onValueChange={([value]) => onChange(value ?? 0)}
          className="relative flex h-6 touch-none items-center select-none pointer-coarse:h-11"
        >
          <Slider.Track className="relative h-1.5 grow rounded-full bg-(--border)">
            <Slider.Range className="absolute h-full rounded-full" style={{ background: colour }} />
          </Slider.Track>
          <Slider.Thumb
            aria-labelledby={id}
            aria-valuetext={`${bpsToPercent(wantedBps)} percent`}
            className="block size-5 rounded-full border-2 border-control bg-surface"
          />
        </Slider.Root>
      ) : (
        <div aria-hidden className="h-1.5 rounded-full bg-(--border)">
          <div className="h-full rounded-full" style={{ background: colour, width: `${wantedBps / 100}%` }} />
        </div>
      )}
      <PercentInput key={wantedBps} labelledBy={id} bps={wantedBps} isReadOnly={!isMovable} onChange={onChange} />
      <p className="numbers text-13">
        set {bpsToPercent(setBps)} %, measured {total === 0 ? '–' : `${percent(measured?.requests ?? 0, total)} %`}
        {measured !== undefined && (
          <span className="block text-12 text-text-3">
            {count(measured.requests)} requests, {percent(measured.s5xx, measured.requests)} % 5xx, p95{' '}
            {milliseconds(measured.p95Ms)} ms
          </span>
        )}
      </p>
    </div>
  );
}

function PercentInput({
  labelledBy,
  bps,
  isReadOnly,
  onChange,
}: {
  labelledBy: string;
  bps: number;
  isReadOnly: boolean;
  onChange: (bps: number) => void;
}) {
  const [text, setText] = useState(bpsToPercent(bps));
  const value = Number(text.replace(',', '.'));
  const isWrong = !Number.isFinite(value) || text.trim() === '' || value < 0 || value > 100;
  const commit = () => (isWrong ? setText(bpsToPercent(bps)) : onChange(value * 100));
  return (
    <span className="flex items-center gap-1">
      <input
        aria-labelledby={labelledBy}
        aria-invalid={isWrong || undefined}
        inputMode="decimal"
        value={text}
        readOnly={isReadOnly}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
        className="tap numbers h-8 w-20 rounded-control border border-control bg-surface px-2 text-right read-only:border-line read-only:bg-sunken aria-invalid:border-bad"
      />
      %
    </span>
  );
}
