import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Document } from '@/features/ui/document';

export const metadata: Metadata = { title: { default: 'Sluice', template: '%s · Sluice' } };

export default function ConsoleRootLayout({ children }: { children: ReactNode }) {
  return <Document density="compact">{children}</Document>;
}
