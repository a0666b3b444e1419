import { limitInWords, limitName } from '@sluice/contracts';
import type { PortalApi, PortalPlan } from '@sluice/contracts';
import Link from 'next/link';
import { bindingLimits } from '@/features/plans/limits-in-words';
import { buttonClass } from '@/features/ui/button';
import { Card } from '@/features/ui/page-header';
import { portalRoutes } from './portal-routes';
import { Given } from '@/features/ui/given';

/** A plan in words: what it covers and how much of it. */
export function PlanCard({ plan, apis }: { plan: PortalPlan; apis: readonly PortalApi[] }) {
  const limits = bindingLimits(plan.limits);
  const titles = plan.apis.map((name) => apis.find((api) => api.name === name)?.title ?? name);
  return (
    <Card className="flex flex-col items-start gap-3">
      <h3 className="font-strong text-18 wrap-anywhere">
        <Given>{plan.title}</Given>
      </h3>
      <ul className="flex list-disc flex-col gap-1 pl-5">
        {limits.length === 0 && <li>no limit on requests</li>}
        {limits.map((limit) => (
          <li key={limitName(limit)}>{limitInWords(limit)}</li>
        ))}
        <li className="wrap-anywhere">{titles.length === 0 ? 'no API yet' : titles.join(', ')}</li>
        <li>at once, without an approval</li>
      </ul>
      <Link
        href={portalRoutes.getKey(plan.name)}
        className={buttonClass('secondary', 'large', 'mt-auto')}
        aria-label={`Get a key for ${plan.title}`}
      >
        Get a key
      </Link>
    </Card>
  );
}
