import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { listApis, listPlans } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { routes } from '@/features/navigation/routes';
import { limitsInWords } from '@/features/plans/limits-in-words';
import { PlanForm } from '@/features/plans/plan-form';
import { pageContext } from '@/features/session/page-context';
import { buttonClass } from '@/features/ui/button';
import { DataTable } from '@/features/ui/data-table';
import { PageHeader } from '@/features/ui/page-header';
import { Pager } from '@/features/ui/pager';
import { EmptyState, FailureState } from '@/features/ui/states';
import { Time } from '@/features/ui/time';
import { Given } from '@/features/ui/given';

export const metadata: Metadata = { title: 'Plans' };

interface Props {
  params: Promise<{ tenant: string }>;
  searchParams: SearchParams;
}

export default async function PlansPage({ params, searchParams }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at, canEdit } = context;
  const query = await searchParams;
  if (one(query, 'new') !== undefined && canEdit) {
    const apis = await read(listApis(at, { limit: 200 }));
    return (
      <>
        <PageHeader title="Create plan" state="It stays in the draft until you publish." />
        {apis.ok ? <PlanForm at={at} apis={apis.value.items} /> : <FailureState failure={apis} />}
      </>
    );
  }
  const plans = await read(listPlans(at, { cursor: one(query, 'cursor') }));
  const create = canEdit && (
    <Link href={routes.plans(at.tenant, { new: '1' })} className={buttonClass('primary')}>
      <Plus aria-hidden />
      Create plan
    </Link>
  );
  return (
    <>
      <PageHeader title="Plans" state="What a consumer gets, and how much of it." actions={create} />
      {!plans.ok && <FailureState failure={plans} />}
      {plans.ok && plans.value.items.length === 0 && (
        <EmptyState title="No plan yet." action={create}>
          A plan names APIs and limits. Consumers subscribe to it in the developer portal and get a key.
        </EmptyState>
      )}
      {plans.ok && plans.value.items.length > 0 && (
        <div className="flex flex-col gap-3">
          <DataTable
            caption="Plans"
            rows={plans.value.items}
            rowKey={(plan) => plan.id}
            columns={[
              {
                title: 'Title',
                cell: (plan) => (
                  <Link href={routes.plan(at.tenant, plan.name)} className="link">
                    <Given>{plan.title}</Given>
                  </Link>
                ),
              },
              { title: 'Name', cell: (plan) => <code className="wrap-anywhere">{plan.name}</code>, isSecondary: true },
              {
                title: 'APIs',
                cell: (plan) => (plan.apis.length === 0 ? 'none' : plan.apis.join(', ')),
              },
              {
                title: 'Limits',
                cell: (plan) => limitsInWords(plan.limits),
              },
              { title: 'Changed', cell: (plan) => <Time at={plan.updatedAt} />, isSecondary: true },
            ]}
          />
          <Pager
            href={plans.value.nextCursor === null ? null : routes.plans(at.tenant, { cursor: plans.value.nextCursor })}
          />
        </div>
      )}
    </>
  );
}
