'use client';

import type { Application } from '@sluice/contracts';
import { deleteApplication } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { useAfter } from '@/features/ui/use-after';

export function ApplicationActions({
  at,
  application,
  etag,
}: {
  at: At;
  application: Application;
  etag: string | undefined;
}) {
  const after = useAfter();
  return (
    <ConfirmButton
      label="Delete"
      name={application.title}
      title={`Delete ${application.title}?`}
      consequence="Its subscriptions end and its keys get 401 within a second. This cannot be undone."
      call={() => deleteApplication(at, application.id, { ifMatch: etag })}
      onDone={() => after(`${application.title} is gone.`, routes.applications(at.tenant))}
    />
  );
}
