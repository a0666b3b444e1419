// Reads `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers): what is left of the tightest limit.

export interface LimitLeft {
  readonly left: number;
  /** Null when the policy was not readable. */
  readonly units: number | null;
  readonly windowSeconds: number | null;
  readonly resetSeconds: number | null;
}

/** `"window-60000";r=99;t=42` with `"window-60000";q=100;w=60`. Null when there is no limit in the answer. */
export function readRateLimit(rateLimit: string | null, policy: string | null): LimitLeft | null {
  const left = member(rateLimit, 'r');
  if (left === null) return null;
  return { left, units: member(policy, 'q'), windowSeconds: member(policy, 'w'), resetSeconds: member(rateLimit, 't') };
}

/** "99 of 100 left this minute; starts anew in 42 s". */
export function limitLeftInWords({ left, units, windowSeconds, resetSeconds }: LimitLeft): string {
  const whole = units === null ? '' : ` of ${units.toLocaleString('en')}`;
  const named = { 1: 'this second', 60: 'this minute', 3600: 'this hour', 86_400: 'today (UTC)' };
  const window =
    windowSeconds === null
      ? ''
      : ` ${named[windowSeconds as keyof typeof named] ?? `in this window of ${windowSeconds} s`}`;
  const reset = resetSeconds === null ? '' : `; starts anew in ${resetSeconds.toLocaleString('en')} s`;
  return `${left.toLocaleString('en')}${whole} left${window}${reset}`;
}

function member(text: string | null, name: string): number | null {
  const found = new RegExp(`;\\s*${name}=(\\d+)`).exec(text ?? '')?.[1];
  return found === undefined ? null : Number(found);
}
