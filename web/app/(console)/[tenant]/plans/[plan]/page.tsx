import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { getPlan, listApis, listRevisions } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { PlanForm } from '@/features/plans/plan-form';
import { Refusals } from '@/features/revisions/refusals';
import { routes } from '@/features/navigation/routes';
import { pageContext } from '@/features/session/page-context';
import { PageHeader } from '@/features/ui/page-header';
import { FailureState } from '@/features/ui/states';

interface Props {
  params: Promise<{ tenant: string; plan: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).plan) };
}

export default async function PlanPage({ params }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const name = decodeURIComponent((await params).plan);
  const [plan, apis, revisions] = await Promise.all([
    read(getPlan(context.at, name)),
    read(listApis(context.at, { limit: 200 })),
    read(listRevisions(context.at, { limit: 1 })),
  ]);
  if (!plan.ok && plan.code === 'not_found') {
    // Where people guess the form to be. One that is named so is shown instead.
    if (name === 'new') redirect(routes.plans(context.at.tenant, { new: '1' }));
    notFound();
  }
  if (!plan.ok) return <FailureState failure={plan} />;
  return (
    <div className="flex flex-col gap-3">
      <PageHeader title={plan.value.title} state="Changes are served once they are published." />
      <Refusals revision={revisions.ok ? revisions.value.items[0] : undefined} prefix={`plans/${name}`} />
      <PlanForm
        key={plan.etag}
        at={context.at}
        apis={apis.ok ? apis.value.items : []}
        plan={plan.value}
        etag={plan.etag ?? undefined}
        isReadOnly={!context.canEdit}
      />
    </div>
  );
}
