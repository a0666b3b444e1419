'use client';

import { clsx } from 'clsx';
import { Table2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/features/ui/button';
import { DataTable } from '@/features/ui/data-table';
import { Time } from '@/features/ui/time';
import type { ChartRow, Series } from './series';

const TimeChart = dynamic(() => import('./time-chart').then((module) => module.TimeChart), {
  ssr: false,
  loading: () => <div className="h-60" />,
});

export interface ChartCardProps {
  title: string;
  unit: string;
  kind: 'bars' | 'lines';
  rows: readonly ChartRow[];
  series: readonly Series[];
  /** What the legend says beside each name: the window's total or its value. */
  legend: Readonly<Record<string, string>>;
  format: 'count' | 'decimal';
  bucketMs: number;
}

/** One chart with its legend, and the same numbers as a table. */
export function ChartCard(props: ChartCardProps) {
  const { title, unit, rows, series, legend, format } = props;
  const [isTable, setIsTable] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const digits = format === 'count' ? 0 : 2;

  function toggle(key: string): void {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  }

  return (
    <section aria-label={title} className="min-w-0 rounded-card border border-line bg-surface p-4">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-strong">
          {title} <span className="font-normal text-text-3">({unit})</span>
        </h2>
        <Button look="quiet" size="compact" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
          <Table2 aria-hidden />
          {isTable ? 'View as chart' : 'View as table'}
        </Button>
      </div>
      <ul className="mb-2 flex flex-wrap gap-x-1 gap-y-1">
        {series.map(({ key, label, colour, dash }) => (
          <li key={key}>
            <button
              type="button"
              aria-pressed={!hidden.has(key)}
              onClick={() => toggle(key)}
              className={clsx(
                'numbers flex h-6 items-center gap-1.5 rounded-chip px-1.5 text-12 hover:bg-hover',
                hidden.has(key) ? 'text-text-3 line-through' : 'text-text-2',
              )}
            >
              <Swatch colour={colour} isLine={props.kind === 'lines'} dash={dash} />
              {label} <span className="text-text">{legend[key]}</span>
            </button>
          </li>
        ))}
      </ul>
      {isTable ? (
        <div className="max-h-60 overflow-y-auto">
          <DataTable
            caption={`${title}, ${unit}`}
            rows={rows}
            rowKey={(row) => String(row.time)}
            columns={[
              { title: 'Time', cell: (row) => <Time at={new Date(row.time).toISOString()} /> },
              ...series.map(({ key, label }) => ({
                title: label,
                isNumber: true,
                cell: (row: ChartRow) => {
                  const value = row[key];
                  return typeof value === 'number'
                    ? value.toLocaleString('en', { maximumFractionDigits: digits })
                    : '–';
                },
              })),
            ]}
          />
        </div>
      ) : (
        <TimeChart {...props} series={series.filter(({ key }) => !hidden.has(key))} />
      )}
    </section>
  );
}

function Swatch({ colour, isLine, dash }: { colour: string; isLine: boolean; dash: string | undefined }) {
  return (
    <svg aria-hidden viewBox="0 0 16 10" className="h-2.5 w-4 shrink-0">
      {isLine ? (
        <line x1="0" x2="16" y1="5" y2="5" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
      ) : (
        <rect x="3" width="10" height="10" rx="2" fill={colour} />
      )}
    </svg>
  );
}
