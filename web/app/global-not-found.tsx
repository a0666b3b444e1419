import type { Metadata } from 'next';
import { frontPage } from '@/features/security/front-page';
import { Document } from '@/features/ui/document';
import { NotFoundPage } from '@/features/ui/not-found-page';

export const metadata: Metadata = { title: 'Not found' };

export default async function GlobalNotFound() {
  return (
    <Document density="compact">
      <NotFoundPage frontPage={await frontPage()} />
    </Document>
  );
}
