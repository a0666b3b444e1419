import type { Metadata } from 'next';
import Link from 'next/link';
import { getArms, getRequest, listApis, listApplications, listPlans, listRequests } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { AutoRefresh } from '@/features/console/auto-refresh';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { RangeControl } from '@/features/navigation/range-control';
import { rangeInWords, readRange, widerRange, windowOf } from '@/features/navigation/range';
import { routes } from '@/features/navigation/routes';
import { RequestDetail } from '@/features/requests/request-detail';
import { RequestDrawer } from '@/features/requests/request-drawer';
import { RequestFilters } from '@/features/requests/request-filters';
import { knownStatus } from '@/features/requests/known-status';
import { RequestTable } from '@/features/requests/request-table';
import { pageContext } from '@/features/session/page-context';
import { buttonClass } from '@/features/ui/button';
import { PageHeader } from '@/features/ui/page-header';
import { Pager } from '@/features/ui/pager';
import { EmptyState, FailureState } from '@/features/ui/states';
import { ZoneNote } from '@/features/ui/time';

export const metadata: Metadata = { title: 'Requests' };

interface Props {
  params: Promise<{ tenant: string }>;
  searchParams: SearchParams;
}

export default async function RequestsPage({ params, searchParams }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at } = context;
  const query = await searchParams;
  const range = readRange(one(query, 'range'));
  const cursor = one(query, 'cursor');
  const id = one(query, 'id');
  const filters = Object.fromEntries(
    ['range', 'status', 'api', 'route', 'arm', 'application'].map((name) => [name, one(query, name)]),
  );
  filters['status'] = knownStatus(filters['status']);
  const { from, to } = windowOf(range, Date.now());
  const { range: _, ...conditions } = filters;
  const [requests, detail, plans, apis, applications, arms] = await Promise.all([
    read(listRequests(at, { from, to, ...conditions, cursor })),
    id === undefined ? null : read(getRequest(at, id)),
    id === undefined ? null : read(listPlans(at, { limit: 200 })),
    read(listApis(at, { limit: 200 })),
    read(listApplications(at, { limit: 200 })),
    read(getArms(at, { from, to })),
  ]);
  const titles = Object.fromEntries(
    applications.ok ? applications.value.items.map((application) => [application.id, application.title]) : [],
  );
  const items = requests.ok ? requests.value.items : [];
  const wider = widerRange(range);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Requests"
        state="Every request, and why it was answered as it was."
        actions={
          <>
            <Link href={routes.explain(at.tenant)} className={buttonClass()}>
              Explain a request
            </Link>
            <AutoRefresh />
            <RangeControl range={range} />
          </>
        }
      />
      <RequestFilters
        filters={filters}
        apis={apis.ok ? apis.value.items : []}
        applications={applications.ok ? applications.value.items : []}
        arms={arms.ok ? [...new Set(arms.value.arms.map((arm) => arm.arm).filter(Boolean))] : []}
      />
      {!requests.ok && <FailureState failure={requests} what="The requests could not be read" />}
      {requests.ok && items.length === 0 && (
        <EmptyState
          title={`No request matches in the last ${rangeInWords(range)}.`}
          action={
            wider !== undefined && (
              <Link href={routes.requests(at.tenant, { ...filters, range: wider })} className={buttonClass()}>
                Widen to {wider}
              </Link>
            )
          }
        >
          Records arrive within a few seconds of the request.
        </EmptyState>
      )}
      {requests.ok && items.length > 0 && (
        <>
          <RequestTable
            requests={items}
            selectedId={id}
            titles={titles}
            hrefs={Object.fromEntries(
              items.map((item) => [item.id, routes.requests(at.tenant, { ...filters, cursor, id: item.id })]),
            )}
          />
          <div className="flex items-center justify-between gap-3">
            <ZoneNote />
            <Pager
              href={
                requests.value.nextCursor === null
                  ? null
                  : routes.requests(at.tenant, { ...filters, cursor: requests.value.nextCursor })
              }
            />
          </div>
        </>
      )}
      {detail !== null && (
        <RequestDrawer closeTo={routes.requests(at.tenant, { ...filters, cursor })}>
          {detail.ok ? (
            <RequestDetail
              request={detail.value}
              explainHref={routes.explain(at.tenant, {
                method: detail.value.method,
                url: `http://${detail.value.host}${detail.value.path}`,
                credential: detail.value.credentialId,
              })}
              applicationTitle={titles[detail.value.applicationId] ?? detail.value.applicationId}
              planTitle={
                (plans?.ok === true
                  ? plans.value.items.find((plan) => plan.name === detail.value.plan)?.title
                  : undefined) ?? detail.value.plan
              }
            />
          ) : detail.code === 'not_found' ? (
            <EmptyState title="No record with this id.">
              It has not arrived yet (records take a few seconds), it is older than what is kept, or it belongs to
              another organisation. The page looks again by itself while it is live.
            </EmptyState>
          ) : (
            <FailureState failure={detail} />
          )}
        </RequestDrawer>
      )}
    </div>
  );
}
