import { limitInWords } from '@sluice/contracts';
import type { Limit } from '@sluice/contracts';

/** A limit in words, and whether it only counts. */
export function limitText(limit: Limit): string {
  return limit.dryRun === true ? `${limitInWords(limit)} (dry run)` : limitInWords(limit);
}

/** Several limits in one line; words of one limit may hold commas. */
export function limitsInWords(limits: readonly Limit[]): string {
  return limits.length === 0 ? 'none' : limits.map(limitText).join('; ');
}

/** The limits that may refuse somebody. A dry run is the provider's own trial: consumers are not told of it. */
export function bindingLimits(limits: readonly Limit[]): Limit[] {
  return limits.filter((limit) => limit.dryRun !== true);
}
