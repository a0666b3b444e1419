'use client';

import { useId } from 'react';
import {
  Bar,
  BarChart,
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { compact } from '@/features/ui/numbers';
import { formatTime, useTimeZone } from '@/features/ui/time';
import type { ChartCardProps } from './chart-card';
import { bucketInWords } from './series';

const height = 240;

/** Bars or lines over time. No smoothing and no entry animation; y starts at 0; the bucket still filling is hatched. */
export function TimeChart({ kind, rows, series, unit, format, bucketMs }: ChartCardProps) {
  const timeZone = useTimeZone();
  const hatch = useId();
  const span = (rows.at(-1)?.time ?? 0) - (rows[0]?.time ?? 0);
  const tick = (time: number) => formatTick(time, span, timeZone);
  const digits = format === 'count' ? 0 : 2;
  const unfinished = rows.filter((row) => !row.isComplete);
  const Chart = kind === 'bars' ? BarChart : LineChart;
  return (
    <ResponsiveContainer width="100%" height={height}>
      <Chart data={[...rows]} syncId="page" margin={{ top: 4, right: 8, bottom: 0, left: 0 }} barCategoryGap={1}>
        <defs>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" x2="0" y1="0" y2="6" stroke="var(--border-control)" strokeWidth="1" />
          </pattern>
        </defs>
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis
          dataKey="time"
          tickFormatter={tick}
          minTickGap={56}
          stroke="var(--border-control)"
          tick={{ fill: 'var(--text-3)', fontSize: 12 }}
          tickLine={false}
        />
        <YAxis
          width={48}
          tickCount={5}
          allowDecimals={format !== 'count'}
          domain={[0, 'auto']}
          tickFormatter={(value: number) => (format === 'count' ? compact(value) : String(value))}
          axisLine={false}
          tickLine={false}
          tick={{ fill: 'var(--text-3)', fontSize: 12 }}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: 'var(--hover)', stroke: 'var(--border-control)' }}
          contentStyle={{
            background: 'var(--surface)',
            border: '1px solid var(--border)',
            borderRadius: 10,
            boxShadow: 'var(--float)',
            fontSize: 12,
            color: 'var(--text)',
          }}
          itemStyle={{ color: 'var(--text)', padding: 0 }}
          labelFormatter={(time) => `${formatTime(Number(time), 'minute', timeZone)}, ${bucketInWords(bucketMs)}`}
          formatter={(value) => `${Number(value).toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`}
        />
        {unfinished.map((row) => (
          <ReferenceArea key={row.time} x1={row.time} x2={row.time} fill={`url(#${hatch})`} stroke="none" />
        ))}
        {series.map(({ key, label, colour, dash }) =>
          kind === 'bars' ? (
            <Bar key={key} dataKey={key} name={label} stackId="status" fill={colour} isAnimationActive={false} />
          ) : (
            <Line
              key={key}
              dataKey={key}
              name={label}
              type="linear"
              stroke={colour}
              strokeWidth={2}
              {...(dash === undefined ? {} : { strokeDasharray: dash })}
              dot={({ cx, cy, index, stroke }: DotProps) => (
                <LonePoint key={index} cx={cx} cy={cy} index={index} stroke={stroke} rows={rows} name={key} />
              )}
              isAnimationActive={false}
              connectNulls={false}
            />
          ),
        )}
      </Chart>
    </ResponsiveContainer>
  );
}

interface DotProps {
  readonly cx?: number | undefined;
  readonly cy?: number | undefined;
  readonly index?: number | undefined;
  readonly stroke?: string | undefined;
}

/** A point whose neighbours are unknown has no line to be seen by, so it is drawn as a dot. */
function LonePoint({
  cx,
  cy,
  index = 0,
  stroke,
  rows,
  name,
}: DotProps & { rows: ChartCardProps['rows']; name: string }) {
  const isKnown = (at: number) => typeof rows[at]?.[name] === 'number';
  if (cx === undefined || cy === undefined || !isKnown(index) || isKnown(index - 1) || isKnown(index + 1)) return null;
  return <circle cx={cx} cy={cy} r={3} fill={stroke} />;
}

function formatTick(time: number, spanMs: number, timeZone: string): string {
  const options: Intl.DateTimeFormatOptions =
    spanMs > 90_000_000 ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).format(time);
}
