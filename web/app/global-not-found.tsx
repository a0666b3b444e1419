import type { Metadata } from 'next';
import { Document } from '@/features/ui/document';
import { NotFoundPage } from '@/features/ui/not-found-page';

export const metadata: Metadata = { title: 'Not found' };

export default function GlobalNotFound() {
  return (
    <Document density="compact">
      <NotFoundPage />
    </Document>
  );
}
