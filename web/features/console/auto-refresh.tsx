'use client';

import { Pause, Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Button } from '@/features/ui/button';

/** Reads the page anew every ten seconds, in place, while it is in sight. It can be paused, and says so (WCAG 2.2.2). */
export function AutoRefresh({ everyMs = 10_000 }: { everyMs?: number }) {
  const router = useRouter();
  const [isPaused, setIsPaused] = useState(false);
  useEffect(() => {
    if (isPaused) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [isPaused, everyMs, router]);
  return (
    <Button look="quiet" onClick={() => setIsPaused(!isPaused)} aria-pressed={isPaused}>
      {isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
      {isPaused ? 'Paused: resume' : 'Live'}
    </Button>
  );
}
