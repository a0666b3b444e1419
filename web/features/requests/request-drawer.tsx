'use client';

import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { Drawer } from '@/features/ui/dialog';

/** The detail beside the list. It is open because the address says so; closing it goes back to the list's address. */
export function RequestDrawer({ closeTo, children }: { closeTo: string; children: ReactNode }) {
  const router = useRouter();
  return (
    <Drawer isOpen onClose={() => router.push(closeTo, { scroll: false })} title="Request">
      {children}
    </Drawer>
  );
}
