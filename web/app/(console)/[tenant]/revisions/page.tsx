import type { Metadata } from 'next';
import Link from 'next/link';
import { listRevisions } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { routes } from '@/features/navigation/routes';
import { LateGateways } from '@/features/revisions/late-gateways';
import { Receipts } from '@/features/revisions/receipts';
import { pageContext } from '@/features/session/page-context';
import { buttonClass } from '@/features/ui/button';
import { DataTable } from '@/features/ui/data-table';
import { PageHeader } from '@/features/ui/page-header';
import { Pager } from '@/features/ui/pager';
import { EmptyState, FailureState } from '@/features/ui/states';
import { Time } from '@/features/ui/time';
import { Given } from '@/features/ui/given';

export const metadata: Metadata = { title: 'Revisions' };

interface Props {
  params: Promise<{ tenant: string }>;
  searchParams: SearchParams;
}

export default async function RevisionsPage({ params, searchParams }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at } = context;
  const revisions = await read(listRevisions(at, { cursor: one(await searchParams, 'cursor') }));
  return (
    <>
      <PageHeader
        title="Revisions"
        state="Everything that was published, and whether it arrived."
        actions={
          <Link href={routes.draft(at.tenant)} className={buttonClass()}>
            Review the draft
          </Link>
        }
      />
      {!revisions.ok && <FailureState failure={revisions} />}
      {revisions.ok && revisions.value.items.length === 0 && (
        <EmptyState title="Nothing is published yet.">
          A revision is an immutable copy of the draft, which every gateway answers with a receipt.
        </EmptyState>
      )}
      {revisions.ok && revisions.value.items.length > 0 && (
        <div className="flex flex-col gap-3">
          <LateGateways at={at} />
          <DataTable
            caption="Revisions"
            rows={revisions.value.items}
            rowKey={(revision) => revision.id}
            columns={[
              {
                title: 'Revision',
                cell: (revision) => (
                  <Link href={routes.revision(at.tenant, revision.number)} className="link numbers">
                    r{revision.number}
                  </Link>
                ),
              },
              { title: 'Comment', cell: (revision) => <Given>{revision.comment}</Given> },
              {
                title: 'By',
                cell: (revision) => <span className="break-all">{revision.author}</span>,
                isSecondary: true,
              },
              { title: 'At', cell: (revision) => <Time at={revision.createdAt} />, isSecondary: true },
              { title: 'Receipts', cell: (revision) => <Receipts revision={revision} /> },
            ]}
          />
          <Pager
            href={
              revisions.value.nextCursor === null
                ? null
                : `${routes.revisions(at.tenant)}?cursor=${encodeURIComponent(revisions.value.nextCursor)}`
            }
          />
        </div>
      )}
    </>
  );
}
