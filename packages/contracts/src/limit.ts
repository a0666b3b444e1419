// Limits: how many requests may go through. Four kinds, one of them in each limit:
//   rate         `100/second` with a `burst`: smooths traffic (GCRA, the generic cell rate algorithm)
//   window       `900/day`: a count that starts anew with each window, or, `sliding`, in any stretch of that length
//   quota        `10000/month`: a count by calendar (UTC), or from the day that the subscription began
//   concurrency  `10`: requests at the same time
import { z } from 'zod';
import { objectNameSchema } from './names.js';

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const longUnits = { second: 's', minute: 'm', hour: 'h', day: 'd' } as const;
const windowPattern =
  /^(?<units>[1-9]\d{0,11})\/(?:(?<long>second|minute|hour|day)|(?<count>[1-9]\d{0,3})(?<short>[smhd]))$/;
export const quotaPeriods = ['hour', 'day', 'week', 'month', 'year'] as const;
const quotaPattern = /^(?<units>[1-9]\d{0,11})\/(?<period>hour|day|week|month|year)$/;

const perTime = z.string().regex(windowPattern, 'write units/time, such as "100/minute", "900/day" or "50/36h"');
const kinds = ['rate', 'window', 'quota', 'concurrency'] as const;
const belongings = { burst: 'rate', sliding: 'window', anchor: 'quota' } as const;

export const limitSchema = z
  .strictObject({
    name: objectNameSchema.optional().meta({ description: 'apart from another limit of the same kind and time' }),
    rate: perTime.optional().meta({ description: 'units per time, evenly', examples: ['100/second'] }),
    burst: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .meta({ description: 'of a rate: how many may come at once; without it, what one second brings, 1 at least' }),
    window: perTime
      .optional()
      .meta({ description: 'units per window, aligned to the Unix epoch', examples: ['100/minute'] }),
    sliding: z
      .boolean()
      .optional()
      .meta({ description: 'of a window: no stretch of its length ever holds more, wherever it begins' }),
    quota: z
      .string()
      .regex(quotaPattern, 'write units/period, such as "10000/month"; periods are hour, day, week, month, year')
      .optional()
      .meta({
        description: 'units per period of the calendar in UTC; weeks begin on Monday',
        examples: ['10000/month'],
      }),
    anchor: z.enum(['calendar', 'subscription']).optional().meta({
      description: 'of a quota: periods of the calendar (default), or counted from when the subscription began',
    }),
    concurrency: z.int().min(1).max(100_000).optional().meta({ description: 'requests at the same time' }),
    onOutage: z.enum(['deny', 'local']).default('deny').meta({
      description:
        'when the limit cannot be checked: `deny` refuses once the leases are spent; `local` serves and counts the overshoot',
    }),
    dryRun: z.boolean().optional().meta({ description: 'refuses nothing, and says what it would have refused' }),
  })
  .superRefine((limit, context) => {
    const named = kinds.filter((kind) => limit[kind] !== undefined);
    if (named.length !== 1)
      context.addIssue({
        code: 'custom',
        path: named.slice(1, 2),
        message: 'write exactly one of rate, window, quota, concurrency',
      });
    for (const [field, kind] of Object.entries(belongings)) {
      if (limit[field as keyof typeof belongings] !== undefined && limit[kind] === undefined)
        context.addIssue({ code: 'custom', path: [field], message: `leave ${field} out: it belongs to a ${kind}` });
    }
  })
  .meta({ id: 'Limit' });

export type Limit = z.infer<typeof limitSchema>;
export type QuotaPeriod = (typeof quotaPeriods)[number];

export type LimitShape =
  | { readonly kind: 'rate'; readonly units: number; readonly periodMs: number; readonly burst: number }
  | { readonly kind: 'window'; readonly units: number; readonly periodMs: number; readonly isSliding: boolean }
  | { readonly kind: 'quota'; readonly units: number; readonly period: QuotaPeriod; readonly isAnchored: boolean }
  | { readonly kind: 'concurrency'; readonly units: number };

/** What a limit says. It must have passed `limitSchema`; anything else is a bug and throws. */
export function limitShape(limit: Limit): LimitShape {
  if (limit.rate !== undefined) {
    const { units, periodMs } = parseWindow(limit.rate);
    const burst = limit.burst ?? Math.max(1, Math.ceil((units * 1000) / periodMs));
    return { kind: 'rate', units, periodMs, burst };
  }
  if (limit.window !== undefined)
    return { kind: 'window', ...parseWindow(limit.window), isSliding: limit.sliding ?? false };
  if (limit.concurrency !== undefined) return { kind: 'concurrency', units: limit.concurrency };
  const groups = quotaPattern.exec(limit.quota ?? '')?.groups;
  if (groups === undefined) throw new Error(`not a limit: ${JSON.stringify(limit)}`);
  const { units, period } = groups;
  return {
    kind: 'quota',
    units: Number(units),
    period: period as QuotaPeriod,
    isAnchored: limit.anchor === 'subscription',
  };
}

function parseWindow(text: string): { readonly units: number; readonly periodMs: number } {
  const groups = windowPattern.exec(text)?.groups;
  if (groups === undefined) throw new Error(`not a window: ${text}`);
  const short = groups['long'] === undefined ? groups['short'] : longUnits[groups['long'] as keyof typeof longUnits];
  return {
    units: Number(groups['units']),
    periodMs: Number(groups['count'] ?? 1) * unitMs[short as keyof typeof unitMs],
  };
}

/** The name of a limit within what it counts for. It leaves the units out, so that raising a limit keeps what was used. */
export function limitName(limit: Limit): string {
  if (limit.name !== undefined) return limit.name;
  const shape = limitShape(limit);
  switch (shape.kind) {
    case 'rate':
      return `rate-${shape.periodMs}`;
    case 'window':
      return `${shape.isSliding ? 'sliding' : 'window'}-${shape.periodMs}`;
    case 'quota':
      return `quota-${shape.period}`;
    case 'concurrency':
      return 'concurrency';
    default:
      return shape satisfies never;
  }
}

/** Units that it grants a second in the long run, to compare limits by. Requests at a time have no such number: infinite. */
export function unitsPerSecond(shape: LimitShape): number {
  switch (shape.kind) {
    case 'rate':
    case 'window':
      return (shape.units * 1000) / shape.periodMs;
    case 'quota':
      return shape.units / (daysOf[shape.period] * 86_400);
    case 'concurrency':
      return Number.POSITIVE_INFINITY;
    default:
      return shape satisfies never;
  }
}

const daysOf = { hour: 1 / 24, day: 1, week: 7, month: 30, year: 365 } as const;

/** A limit in words: `100 requests a minute`. */
export function limitInWords(limit: Limit): string {
  const shape = limitShape(limit);
  const requests = `${shape.units.toLocaleString('en')} ${shape.units === 1 ? 'request' : 'requests'}`;
  const written = limit.rate ?? limit.window ?? limit.quota;
  if (shape.kind === 'concurrency' || written === undefined) return `${requests} at a time`;
  const period = written.slice(written.indexOf('/') + 1);
  const words = /^\d/.test(period) ? `every ${period}` : `${period === 'hour' ? 'an' : 'a'} ${period}`;
  if (shape.kind === 'rate') return `${requests} ${words}, evenly, ${shape.burst.toLocaleString('en')} at once`;
  if (shape.kind === 'window' && shape.isSliding) return `${requests} in any ${period.replace(/^1(?=\D)/, '')}`;
  if (shape.kind === 'quota' && shape.isAnchored) return `${requests} ${words} from the start of the subscription`;
  return `${requests} ${words}`;
}
