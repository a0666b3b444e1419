'use client';

import type { Delivery } from '@sluice/contracts';
import { useEffect, useState } from 'react';
import { getDelivery } from '@/features/api/portal-calls';
import { perform } from '@/features/api/perform';

const patienceMs = 15_000;
const everyMs = 250;

/** Whether every live gateway knows a change. Send waits for it, so that the first answer is never a 401; after 15 s it waits no
 *  longer, and says which part is missing. */
export function useDelivery(tenant: string, position: number | null): { isReady: boolean; words: string } {
  const [delivery, setDelivery] = useState<Delivery | null>(null);
  const [waitedFor, setWaitedFor] = useState<number | null>(null);
  useEffect(() => {
    if (position === null) return undefined;
    const control = new AbortController();
    const { signal } = control;
    const follow = async (): Promise<void> => {
      await untilDelivered(tenant, position, { signal, onHeard: setDelivery });
      if (!signal.aborted) setWaitedFor(position);
    };
    void follow();
    return () => control.abort();
  }, [tenant, position]);
  const current = delivery?.position === position ? delivery : null;
  const reached = current === null ? '' : ` (${current.reached} of ${current.liveGateways})`;
  if (current?.isDelivered === true) return { isReady: true, words: `Every gateway knows the key${reached}.` };
  if (position !== null && waitedFor === position)
    return { isReady: true, words: `Not every gateway knows the key yet${reached}: it may answer 401.` };
  return { isReady: false, words: `The key is on its way to the gateways${reached}.` };
}

/** Asks every quarter of a second; resolves when every live gateway knows a change, and after 15 s in any case. */
export async function untilDelivered(
  tenant: string,
  position: number,
  { signal, onHeard }: { signal?: AbortSignal; onHeard?: (delivery: Delivery) => void } = {},
): Promise<void> {
  const end = performance.now() + patienceMs;
  const isLeft = (): boolean => signal?.aborted === true;
  while (!isLeft() && performance.now() < end) {
    const outcome = await perform(getDelivery(tenant, position), signal);
    if (isLeft()) return;
    if (outcome.ok) {
      onHeard?.(outcome.value);
      if (outcome.value.isDelivered) return;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, everyMs);
    });
  }
}
