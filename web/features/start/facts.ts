import type { Environment, Timeseries } from '@sluice/contracts';

export interface StartFacts {
  readonly hasApi: boolean;
  readonly isLive: boolean;
  readonly hasAnswered: boolean;
}

/** How far the first run has come, read from what is there: so a reload says the same as before. */
export function factsOf(
  apis: number,
  environment: Pick<Environment, 'live'> | null,
  timeseries: { totals: Pick<Timeseries['totals'], 'requests'> } | null,
): StartFacts {
  const isLive = environment !== null && environment.live !== null;
  return { hasApi: apis > 0, isLive: apis > 0 && isLive, hasAnswered: (timeseries?.totals.requests ?? 0) > 0 };
}
