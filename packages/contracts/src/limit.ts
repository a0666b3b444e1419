// The limits of a plan. Today one kind: a fixed window. `900/day`, `100/minute`, `900/36h`.
import { z } from 'zod';

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const longUnits = { second: 's', minute: 'm', hour: 'h', day: 'd' } as const;
const windowPattern =
  /^(?<units>[1-9]\d{0,11})\/(?:(?<long>second|minute|hour|day)|(?<count>[1-9]\d{0,3})(?<short>[smhd]))$/;

export const limitSchema = z
  .strictObject({
    window: z
      .string()
      .regex(windowPattern, 'write units/time, such as "100/minute", "900/day" or "50/36h"')
      .meta({ description: 'units per fixed window, aligned to the Unix epoch', examples: ['100/minute'] }),
    onOutage: z.enum(['deny', 'local']).default('deny').meta({
      description:
        'when the limit cannot be checked: `deny` refuses once the leases are spent; `local` serves and counts the overshoot',
    }),
  })
  .meta({ id: 'Limit' });

export type Limit = z.infer<typeof limitSchema>;

export interface Window {
  readonly units: number;
  readonly windowMs: number;
}

/** Reads `100/minute`. The text must have passed `limitSchema`; anything else is a bug and throws. */
export function parseWindow(text: string): Window {
  const groups = windowPattern.exec(text)?.groups;
  if (groups === undefined) throw new Error(`not a window: ${text}`);
  const short = groups['long'] === undefined ? groups['short'] : longUnits[groups['long'] as keyof typeof longUnits];
  return {
    units: Number(groups['units']),
    windowMs: Number(groups['count'] ?? 1) * unitMs[short as keyof typeof unitMs],
  };
}

/** The name of a limit within its subscription. It leaves the units out, so that raising a limit keeps what was used. */
export function limitName(limit: Limit): string {
  return `window-${parseWindow(limit.window).windowMs}`;
}

/** A limit in words: `100 requests a minute`. */
export function limitInWords(limit: Limit): string {
  const { units } = parseWindow(limit.window);
  const period = limit.window.slice(limit.window.indexOf('/') + 1);
  const words = period in longUnits ? `${period === 'hour' ? 'an' : 'a'} ${period}` : `every ${period}`;
  return `${units.toLocaleString('en')} ${units === 1 ? 'request' : 'requests'} ${words}`;
}
