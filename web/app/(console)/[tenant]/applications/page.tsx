import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { listApplications } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { NewApplicationForm } from '@/features/applications/new-application-form';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { routes } from '@/features/navigation/routes';
import { pageContext } from '@/features/session/page-context';
import { buttonClass } from '@/features/ui/button';
import { DataTable } from '@/features/ui/data-table';
import { PageHeader } from '@/features/ui/page-header';
import { Pager } from '@/features/ui/pager';
import { EmptyState, FailureState } from '@/features/ui/states';
import { Time } from '@/features/ui/time';
import { Given } from '@/features/ui/given';

export const metadata: Metadata = { title: 'Applications' };

interface Props {
  params: Promise<{ tenant: string }>;
  searchParams: SearchParams;
}

export default async function ApplicationsPage({ params, searchParams }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at, canEdit } = context;
  const query = await searchParams;
  if (one(query, 'new') !== undefined && canEdit) {
    return (
      <>
        <PageHeader title="Create application" state="It will belong to you. Consumers make their own in the portal." />
        <NewApplicationForm at={at} />
      </>
    );
  }
  const applications = await read(listApplications(at, { cursor: one(query, 'cursor') }));
  const create = canEdit && (
    <Link href={routes.applications(at.tenant, { new: '1' })} className={buttonClass('primary')}>
      <Plus aria-hidden />
      Create application
    </Link>
  );
  return (
    <>
      <PageHeader title="Applications" state="Who calls, with which keys." actions={create} />
      {!applications.ok && <FailureState failure={applications} />}
      {applications.ok && applications.value.items.length === 0 && (
        <EmptyState title="Nobody has an application yet." action={create}>
          Consumers get one, with a key, when they sign up in your developer portal. You can also make one here.
        </EmptyState>
      )}
      {applications.ok && applications.value.items.length > 0 && (
        <div className="flex flex-col gap-3">
          <DataTable
            caption="Applications"
            rows={applications.value.items}
            rowKey={(application) => application.id}
            columns={[
              {
                title: 'Title',
                cell: (application) => (
                  <Link href={routes.application(at.tenant, application.id)} className="link">
                    <Given>{application.title}</Given>
                  </Link>
                ),
              },
              {
                title: 'Developer',
                cell: (application) => <span className="break-all">{application.developerEmail}</span>,
              },
              { title: 'Since', cell: (application) => <Time at={application.createdAt} />, isSecondary: true },
            ]}
          />
          <Pager
            href={
              applications.value.nextCursor === null
                ? null
                : routes.applications(at.tenant, { cursor: applications.value.nextCursor })
            }
          />
        </div>
      )}
    </>
  );
}
