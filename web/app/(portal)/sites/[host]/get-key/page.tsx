import type { Metadata } from 'next';
import { limitInWords } from '@sluice/contracts';
import { readMe } from '@/features/api/read';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { bindingLimits } from '@/features/plans/limits-in-words';
import { defaultPlan } from '@/features/portal/default-plan';
import { GetKey } from '@/features/portal/get-key';
import { readPortal } from '@/features/portal/read-portal';
import { EmptyState } from '@/features/ui/states';

export const metadata: Metadata = { title: 'Get a key' };

interface Props {
  params: Promise<{ host: string }>;
  searchParams: SearchParams;
}

export default async function GetKeyPage({ params, searchParams }: Props) {
  const [portal, me] = await Promise.all([readPortal((await params).host), readMe()]);
  if ('ok' in portal) return null;
  const asked = one(await searchParams, 'plan');
  const plan = asked === undefined ? defaultPlan(portal.plans) : portal.plans.find(({ name }) => name === asked);
  if (plan === undefined) {
    return (
      <div className="pt-10">
        <EmptyState title={asked === undefined ? 'There is no plan yet.' : `There is no plan named ${asked}.`}>
          The plans on offer are on the front page.
        </EmptyState>
      </div>
    );
  }
  return (
    <GetKey
      tenant={portal.tenant.slug}
      tenantTitle={portal.tenant.title}
      plan={plan.name}
      planTitle={plan.title}
      limits={bindingLimits(plan.limits).map(limitInWords)}
      email={me.ok ? me.value.email : null}
    />
  );
}
