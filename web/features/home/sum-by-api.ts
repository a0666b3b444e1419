import type { ArmTraffic } from '@sluice/contracts';

type Sums = Pick<ArmTraffic['arms'][number], 'requests' | 's4xx' | 's429' | 's5xx'>;

/** Adds the arms of each API up. Latencies are left out: quantiles cannot be added. */
export function sumByApi(arms: ArmTraffic['arms']): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const { api, requests, s4xx, s429, s5xx } of arms) {
    const before = sums.get(api) ?? { requests: 0, s4xx: 0, s429: 0, s5xx: 0 };
    sums.set(api, {
      requests: before.requests + requests,
      s4xx: before.s4xx + s4xx,
      s429: before.s429 + s429,
      s5xx: before.s5xx + s5xx,
    });
  }
  return sums;
}
