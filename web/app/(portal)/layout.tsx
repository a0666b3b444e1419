import type { ReactNode } from 'react';
import { Document } from '@/features/ui/document';

export default function PortalRootLayout({ children }: { children: ReactNode }) {
  return <Document density="comfortable">{children}</Document>;
}
