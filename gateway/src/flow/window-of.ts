// A limit as the broker counts it today: by fixed windows.
import type { LimitRef } from '@sluice/engine';
import { limitPeriodMs } from '@sluice/engine';
import type { LimitRef as Window } from '../limits/index.js';

export function windowOf(limit: LimitRef): Window {
  const { key, units, onOutage } = limit;
  return { key, units, onOutage, windowMs: limitPeriodMs(limit) ?? 1000 };
}
