import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { getUpstreamHealth, listUpstreams } from '@/features/api/calls';
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
import { UnverifiedTls } from '@/features/upstreams/unverified-tls';
import { UpstreamState } from '@/features/upstreams/upstream-state';
import { UpstreamForm } from '@/features/upstreams/upstream-form';

export const metadata: Metadata = { title: 'Upstreams' };

interface Props {
  params: Promise<{ tenant: string }>;
  searchParams: SearchParams;
}

export default async function UpstreamsPage({ params, searchParams }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at, canEdit } = context;
  const query = await searchParams;
  if (one(query, 'new') !== undefined && canEdit) {
    return (
      <>
        <PageHeader title="Create upstream" state="It stays in the draft until you publish." />
        <UpstreamForm at={at} />
      </>
    );
  }
  const [upstreams, health] = await Promise.all([
    read(listUpstreams(at, { cursor: one(query, 'cursor') })),
    read(getUpstreamHealth(at)),
  ]);
  const create = canEdit && (
    <Link href={routes.upstreams(at.tenant, { new: '1' })} className={buttonClass('primary')}>
      <Plus aria-hidden />
      Create upstream
    </Link>
  );
  return (
    <>
      <PageHeader title="Upstreams" state="Where requests go: your own servers." actions={create} />
      {!upstreams.ok && <FailureState failure={upstreams} />}
      {upstreams.ok && upstreams.value.items.length === 0 && (
        <EmptyState title="No upstream yet." action={create}>
          An upstream is a name for one or more addresses that answer alike.
        </EmptyState>
      )}
      {upstreams.ok && upstreams.value.items.length > 0 && (
        <div className="flex flex-col gap-3">
          <DataTable
            caption="Upstreams"
            rows={upstreams.value.items}
            rowKey={(upstream) => upstream.id}
            columns={[
              {
                title: 'Name',
                cell: (upstream) => (
                  <Link href={routes.upstream(at.tenant, upstream.name)} className="link block min-w-20 break-all">
                    {upstream.name}
                  </Link>
                ),
              },
              {
                title: 'Targets',
                cell: (upstream) => (
                  <>
                    <code className="break-all">{upstream.targets[0]?.url}</code>
                    {upstream.targets.length > 1 && ` and ${upstream.targets.length - 1} more`}
                  </>
                ),
              },
              {
                title: 'Health',
                cell: (upstream) => (
                  <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <UpstreamState health={health.ok ? health.value : undefined} name={upstream.name} />
                    <UnverifiedTls upstream={upstream} />
                  </span>
                ),
              },
              {
                title: 'First byte, ms',
                cell: (upstream) => count(upstream.timeoutMs),
                isNumber: true,
                isSecondary: true,
              },
              { title: 'Changed', cell: (upstream) => <Time at={upstream.updatedAt} />, isSecondary: true },
            ]}
          />
          <Pager
            href={
              upstreams.value.nextCursor === null
                ? null
                : routes.upstreams(at.tenant, { cursor: upstreams.value.nextCursor })
            }
          />
        </div>
      )}
    </>
  );
}
