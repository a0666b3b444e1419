'use client';

import type { ArmTraffic } from '@sluice/contracts';
import { useEffect, useState } from 'react';
import { getArms } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { perform } from '@/features/api/perform';
import { ofRoute } from '@/features/apis/of-route';

export const measuredWindowMs = 900_000;

/** From when on to measure: at most 15 minutes back, and only full minutes after the weights were set. Traffic is rolled up
 *  by the minute, so an earlier start would mix in what the old weights did. */
export function measuredFrom(nowMs: number, setAt: string | null): number {
  const firstFullMinute = setAt === null ? 0 : Math.ceil(Date.parse(setAt) / 60_000) * 60_000;
  return Math.max(nowMs - measuredWindowMs, firstFullMinute);
}

/** The traffic of a route's arms, measured anew every five seconds. */
export function useArms(at: At, api: string, route: string, setAt: string | null, initial: ArmTraffic['arms'] | null) {
  const [arms, setArms] = useState(initial);
  const { tenant, environment } = at;
  useEffect(() => {
    const control = new AbortController();
    async function measure(): Promise<void> {
      const now = Date.now();
      const from = measuredFrom(now, setAt);
      if (from >= now) {
        setArms([]);
        return;
      }
      const query = { from: new Date(from).toISOString(), to: new Date(now).toISOString(), api };
      const outcome = await perform(getArms({ tenant, environment }, query), control.signal);
      if (!outcome.ok || control.signal.aborted) return;
      setArms(ofRoute(outcome.value.arms, api, route));
    }
    void measure();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void measure();
    }, 5000);
    return () => {
      clearInterval(timer);
      control.abort();
    };
  }, [tenant, environment, api, route, setAt]);
  return arms;
}
