// Numbers as people read them. Every function leaves the unit to the caller unless its name says so.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** 1,240 */
export function count(value: number): string {
  return whole.format(value);
}

/** 1,240 below ten thousand, then 12.4K. */
export function compact(value: number): string {
  return value < 10_000 ? whole.format(value) : short.format(value);
}

/** A share in percent with as many digits as matter: 0.21, 4.1, 38; an empty whole has no share. */
export function percent(part: number, all: number): string {
  if (all === 0) return '–';
  const share = (part / all) * 100;
  if (share === 0) return '0';
  if (share < 0.01) return '<0.01';
  return share < 1 ? share.toFixed(2) : share < 10 ? share.toFixed(1) : share.toFixed(0);
}

/** Milliseconds with two to three significant digits. */
export function milliseconds(value: number | null): string {
  if (value === null) return '–';
  if (value < 10) return value.toFixed(1);
  return whole.format(value);
}

/** Bytes with their unit. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(1)} kB`;
  if (value < 1_000_000_000) return `${(value / 1_000_000).toFixed(1)} MB`;
  return `${(value / 1_000_000_000).toFixed(1)} GB`;
}

/** A duration in words: 45 s, 12 min, 3 h, 2 d. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** Basis points as percent: 500 is 5, 50 is 0.5. */
export function bpsToPercent(bps: number): string {
  return String(bps / 100);
}

/** "1 gateway", "2 gateways". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
