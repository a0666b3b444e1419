'use client';

import type { Revision } from '@sluice/contracts';
import { useEffect, useState } from 'react';
import { getRevision } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { perform } from '@/features/api/perform';

/** Follows a revision until every live gateway has answered it: every half second, at most two minutes. */
export function useReceipts(at: At, initial: Revision | null): Revision | null {
  const [read, setRead] = useState<Revision | null>(null);
  const revision = read !== null && read.number === initial?.number ? read : initial;
  const number = initial?.number;
  const { tenant, environment } = at;
  const isSettled = revision !== null && revision.liveGateways > 0 && revision.awaited.length === 0;
  useEffect(() => {
    if (number === undefined || isSettled) return undefined;
    const control = new AbortController();
    const end = Date.now() + 120_000;
    async function ask(): Promise<void> {
      if (number === undefined) return;
      const outcome = await perform(getRevision({ tenant, environment }, number), control.signal);
      if (outcome.ok && !control.signal.aborted) setRead(outcome.value);
    }
    const timer = setInterval(() => {
      if (Date.now() > end) clearInterval(timer);
      void ask();
    }, 500);
    return () => {
      clearInterval(timer);
      control.abort();
    };
  }, [tenant, environment, number, isSettled]);
  return revision;
}
