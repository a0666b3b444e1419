'use client';

import type { ArmTraffic } from '@sluice/contracts';
import { useEffect, useState } from 'react';
import { getArms } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { perform } from '@/features/api/perform';
import { ofRoute } from '@/features/apis/of-route';

export const measuredWindowMs = 900_000;

/** The traffic of a route's arms, measured anew every five seconds: of the last 15 minutes, or since the weights were set. */
export function useArms(at: At, api: string, route: string, setAt: string | null, initial: ArmTraffic['arms'] | null) {
  const [arms, setArms] = useState(initial);
  const [asOf, setAsOf] = useState<string | null>(null);
  const { tenant, environment } = at;
  useEffect(() => {
    const control = new AbortController();
    async function measure(): Promise<void> {
      const now = Date.now();
      const from = new Date(Math.max(now - measuredWindowMs, setAt === null ? 0 : Date.parse(setAt))).toISOString();
      const query = { from, to: new Date(now).toISOString(), api };
      const outcome = await perform(getArms({ tenant, environment }, query), control.signal);
      if (!outcome.ok || control.signal.aborted) return;
      setArms(ofRoute(outcome.value.arms, api, route));
      setAsOf(outcome.value.asOf);
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
  return { arms, asOf };
}
