'use client';

import type { TryCredential } from '@sluice/contracts';
import { useRef, useState } from 'react';
import type { Failure } from '@/features/api/call';
import { perform } from '@/features/api/perform';
import { createTryKey } from '@/features/api/portal-calls';
import { untilDelivered } from './use-delivery';

/** A key that ends sooner than this is not begun with any more: the request has to get there. */
const marginMs = 30_000;

/**
 * A key of 15 minutes for who has none at hand. It is made when a request asks for it, waited for until the gateways know it, and
 * made anew when it ends. It is in this page's memory alone.
 */
export function useTryKey(tenant: string, subscription: string) {
  const [held, setHeld] = useState<TryCredential | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isMaking, setIsMaking] = useState(false);
  const making = useRef(false);

  /** The key; null where none can be had, which `failure` explains, or one is being made. */
  async function take(): Promise<string | null> {
    if (held !== null && Date.parse(held.expiresAt) - Date.now() > marginMs) return held.key;
    if (making.current) return null;
    making.current = true;
    setIsMaking(true);
    setFailure(null);
    const outcome = await perform(createTryKey(tenant, subscription, crypto.randomUUID()));
    if (outcome.ok) await untilDelivered(tenant, outcome.value.position);
    making.current = false;
    setIsMaking(false);
    setHeld(outcome.ok ? outcome.value : null);
    setFailure(outcome.ok ? null : outcome);
    return outcome.ok ? outcome.value.key : null;
  }

  return { take, forget: () => setHeld(null), isMaking, failure, expiresAt: held?.expiresAt ?? null };
}
