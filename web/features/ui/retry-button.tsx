'use client';

import { RotateCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { Button } from './button';

export function RetryButton({ label = 'Try again' }: { label?: string }) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  return (
    <Button size="compact" isSending={isPending} onClick={() => startTransition(() => router.refresh())}>
      <RotateCw aria-hidden />
      {label}
    </Button>
  );
}
