import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { listApis } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { routes } from '@/features/navigation/routes';
import { pageContext } from '@/features/session/page-context';
import { buttonClass } from '@/features/ui/button';
import { DataTable } from '@/features/ui/data-table';
import { count } from '@/features/ui/numbers';
import { PageHeader } from '@/features/ui/page-header';
import { Pager } from '@/features/ui/pager';
import { EmptyState, FailureState } from '@/features/ui/states';
import { Time } from '@/features/ui/time';
import { Given } from '@/features/ui/given';

export const metadata: Metadata = { title: 'APIs' };

interface Props {
  params: Promise<{ tenant: string }>;
  searchParams: SearchParams;
}

export default async function ApisPage({ params, searchParams }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at, canEdit } = context;
  const apis = await read(listApis(at, { cursor: one(await searchParams, 'cursor') }));
  const create = canEdit && (
    <Link href={routes.newApi(at.tenant)} className={buttonClass('primary')}>
      <Plus aria-hidden />
      Create API
    </Link>
  );
  return (
    <>
      <PageHeader title="APIs" state="What you offer, and where requests to it go." actions={create} />
      {!apis.ok && <FailureState failure={apis} />}
      {apis.ok && apis.value.items.length === 0 && (
        <EmptyState
          title="No API yet."
          action={
            canEdit && (
              <Link href={routes.start(at.tenant)} className={buttonClass('primary')}>
                Put an API on line
              </Link>
            )
          }
        >
          An API is a name, a version and routes. The first run makes all of it, with a plan and a key to try.
        </EmptyState>
      )}
      {apis.ok && apis.value.items.length > 0 && (
        <div className="flex flex-col gap-3">
          <DataTable
            caption="APIs"
            rows={apis.value.items}
            rowKey={(api) => api.id}
            columns={[
              {
                title: 'Title',
                cell: (api) => (
                  <Link href={routes.api(at.tenant, api.name)} className="link">
                    <Given>{api.title}</Given>
                  </Link>
                ),
              },
              { title: 'Name', cell: (api) => <code className="wrap-anywhere">{api.name}</code>, isSecondary: true },
              { title: 'Version', cell: (api) => <Given>{api.version}</Given> },
              { title: 'Routes', cell: (api) => count(api.routes), isNumber: true },
              { title: 'Changed', cell: (api) => <Time at={api.updatedAt} />, isSecondary: true },
            ]}
          />
          <Pager
            href={
              apis.value.nextCursor === null
                ? null
                : `${routes.apis(at.tenant)}?cursor=${encodeURIComponent(apis.value.nextCursor)}`
            }
          />
        </div>
      )}
    </>
  );
}
