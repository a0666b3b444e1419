// The window that analytics pages show. It lives in the URL: `?range=24h`.

export const ranges = ['15m', '1h', '6h', '24h', '7d'] as const;
export type Range = (typeof ranges)[number];

const lengthsMs: Record<Range, number> = {
  '15m': 900_000,
  '1h': 3_600_000,
  '6h': 21_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
};
const words: Record<Range, string> = {
  '15m': '15 minutes',
  '1h': 'hour',
  '6h': '6 hours',
  '24h': '24 hours',
  '7d': '7 days',
};

/** The range that a query names, or the hour. */
export function readRange(text: string | undefined, fallback: Range = '1h'): Range {
  return ranges.find((range) => range === text) ?? fallback;
}

/** From and to, and the window of the same length before. */
export function windowOf(
  range: Range,
  nowMs: number,
): { from: string; to: string; before: { from: string; to: string } } {
  const from = new Date(nowMs - lengthsMs[range]).toISOString();
  const to = new Date(nowMs).toISOString();
  return { from, to, before: { from: new Date(nowMs - 2 * lengthsMs[range]).toISOString(), to: from } };
}

/** "hour", "24 hours": after "the last" or "the … before". */
export function rangeInWords(range: Range): string {
  return words[range];
}

/** The next longer range; the longest has none. */
export function widerRange(range: Range): Range | undefined {
  return ranges[ranges.indexOf(range) + 1];
}
