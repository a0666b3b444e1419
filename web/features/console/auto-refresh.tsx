'use client';

import { Pause, Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Button } from '@/features/ui/button';

/** Reads the page anew every ten seconds, in place, while it is in sight. It can be paused, and says so (WCAG 2.2.2). While the
 *  pointer or the focus is in a table it waits, so that no row moves under the reader. */
export function AutoRefresh({ everyMs = 10_000 }: { everyMs?: number }) {
  const router = useRouter();
  const [isPaused, setIsPaused] = useState(false);
  const [isReading, setIsReading] = useState(false);
  useEffect(() => {
    if (isPaused) return undefined;
    const timer = setInterval(() => {
      const isInTable = document.querySelector('main table:hover, main table:focus-within') !== null;
      setIsReading(isInTable);
      if (document.visibilityState === 'visible' && !isInTable) router.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [isPaused, everyMs, router]);
  return (
    <Button look="quiet" onClick={() => setIsPaused(!isPaused)} aria-pressed={isPaused}>
      {isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
      {isPaused ? 'Paused: resume' : isReading ? 'Live (waits while you read)' : 'Live'}
    </Button>
  );
}
