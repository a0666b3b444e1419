import Link from 'next/link';
import { readPortal } from '@/features/portal/read-portal';
import { defaultPlan } from '@/features/portal/default-plan';
import { ApiCard } from '@/features/portal/api-card';
import { PlanCard } from '@/features/portal/plan-card';
import { smallestFirst } from '@/features/portal/plan-order';
import { portalRoutes } from '@/features/portal/portal-routes';
import { curlOf, urlBelow } from '@/features/try-it/send-request';
import { buttonClass } from '@/features/ui/button';
import { CodeBlock } from '@/features/ui/code-block';
import { EmptyState } from '@/features/ui/states';
import { Given } from '@/features/ui/given';

export default async function PortalHome({ params }: { params: Promise<{ host: string }> }) {
  const portal = await readPortal((await params).host);
  if ('ok' in portal) return null;
  const { tenant, apis, plans } = portal;
  const [api] = apis;
  const operation = api?.operations[0];
  const freePlan = defaultPlan(plans);
  return (
    <div className="flex flex-col gap-14 pt-12">
      <section className="grid items-center gap-8 md:grid-cols-2">
        <div className="flex min-w-0 flex-col items-start gap-5">
          <h1 className="text-36 wrap-anywhere">
            Build on <Given>{tenant.title}</Given>
          </h1>
          <p className="max-w-[52ch] text-18 text-text-2">
            {apis.length === 0
              ? 'There is no API on offer yet.'
              : 'Sign up, get a key and send your first request: it takes about a minute.'}
          </p>
          {freePlan !== undefined && apis.length > 0 && (
            <Link href={portalRoutes.getKey(freePlan.name)} className={buttonClass('primary', 'large')}>
              Get a free key
            </Link>
          )}
        </div>
        {api !== undefined && (
          <div className="min-w-0">
            <CodeBlock
              name="curl"
              wraps
              code={curlOf({
                method: operation?.method ?? 'GET',
                url: urlBelow(api.publicUrl, operation?.path ?? ''),
                keyHeader: api.keyHeader,
                key: 'YOUR_KEY',
              })}
            />
          </div>
        )}
      </section>
      {apis.length === 0 && (
        <EmptyState title={`${tenant.title} has not published an API yet.`}>Come back when it has.</EmptyState>
      )}
      {apis.length > 0 && (
        <section className="flex flex-col gap-4">
          <h2 className="text-22">APIs</h2>
          <div className="grid gap-4 sm:grid-cols-2">
            {apis.map((one) => (
              <ApiCard key={one.name} api={one} />
            ))}
          </div>
        </section>
      )}
      {plans.length > 0 && (
        <section className="flex flex-col gap-4">
          <h2 className="text-22">Plans</h2>
          <div className="grid gap-4 sm:grid-cols-2 md:grid-cols-3">
            {smallestFirst(plans).map((plan) => (
              <PlanCard key={plan.name} plan={plan} apis={apis} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}
