'use client';

import { ErrorPage } from '@/features/ui/error-page';

export default function PortalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return <ErrorPage digest={error.digest} onRetry={reset} />;
}
