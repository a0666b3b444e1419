'use client';

import type { Delivery } from '@sluice/contracts';
import { useEffect, useState } from 'react';
import { getDelivery } from '@/features/api/portal-calls';
import { perform } from '@/features/api/perform';

const patienceMs = 15_000;

/** Whether every live gateway knows a change, asked every quarter of a second. Send waits for it, so that the first
 *  answer is never a 401; after 15 s it waits no longer, and says which part is missing. */
export function useDelivery(tenant: string, position: number | null): { isReady: boolean; words: string } {
  const [delivery, setDelivery] = useState<Delivery | null>(null);
  const [isImpatient, setIsImpatient] = useState(false);
  const current = delivery?.position === position ? delivery : null;
  const isDelivered = current?.isDelivered === true;
  useEffect(() => {
    if (position === null || isDelivered || isImpatient) return undefined;
    const control = new AbortController();
    const ask = async (): Promise<void> => {
      const outcome = await perform(getDelivery(tenant, position), control.signal);
      if (outcome.ok && !control.signal.aborted) setDelivery(outcome.value);
    };
    void ask();
    const asking = setInterval(() => void ask(), 250);
    const giveUp = setTimeout(() => setIsImpatient(true), patienceMs);
    return () => {
      clearInterval(asking);
      clearTimeout(giveUp);
      control.abort();
    };
  }, [tenant, position, isDelivered, isImpatient]);
  const reached = current === null ? '' : ` (${current.reached} of ${current.liveGateways})`;
  if (isDelivered) return { isReady: true, words: `Every gateway knows the key${reached}.` };
  if (isImpatient) return { isReady: true, words: `Not every gateway knows the key yet${reached}: it may answer 401.` };
  return { isReady: false, words: `The key is on its way to the gateways${reached}.` };
}
