// A limit's name in words. A name that nobody chose says its kind and time: `window-60000` is per minute.

import { count } from '@/features/ui/numbers';

const units = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
] as const;

/** Fits behind "units": "per minute", "per month", "at a time". Undefined: somebody chose the name. */
export function limitWords(name: string): string | undefined {
  if (name === 'concurrency') return 'at a time';
  const [, kind, time = ''] = /^(rate|window|sliding|quota)-([a-z]+|\d+)$/.exec(name) ?? [];
  if (kind === 'quota') return `per ${time}`;
  const ms = Number(time);
  if (kind === undefined || !(ms > 0)) return undefined;
  const [unitMs, word] = units.find(([unit]) => ms % unit === 0) ?? [1, 'ms'];
  const length = ms === unitMs ? word : `${ms / unitMs} ${word}${word === 'ms' ? '' : 's'}`;
  if (kind === 'sliding') return `in any ${length}`;
  return kind === 'rate' ? `per ${length}, evenly` : `per ${length}`;
}

/** A sentence that calls a limit by a name that nobody chose, with the words in the name's place. */
export function withLimitWords(sentence: string): string {
  return sentence.replace(
    /The limit ([a-z]+(?:-[a-z0-9]+)?)(?: of (\d+) units)?(?= )/,
    (whole, name: string, units?: string) => {
      const words = limitWords(name);
      if (words === undefined) return whole;
      return units === undefined ? `The limit ${words}` : `The limit of ${count(Number(units))} units ${words}`;
    },
  );
}
