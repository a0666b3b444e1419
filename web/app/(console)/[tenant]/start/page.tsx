import type { Metadata } from 'next';
import { defaultEnvironment, getEnvironment, getTimeseries, listApis } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { windowOf } from '@/features/navigation/range';
import { factsOf } from '@/features/start/facts';
import { StartPage } from '@/features/start/start-page';
import { isFailure, requireMembership } from '@/features/session/membership';
import { may } from '@/features/session/may';
import { PageHeader } from '@/features/ui/page-header';
import { EmptyState, FailureState } from '@/features/ui/states';

export const metadata: Metadata = { title: 'First run' };

export default async function Start({ params }: { params: Promise<{ tenant: string }> }) {
  const { tenant } = await params;
  const at = { tenant, environment: defaultEnvironment };
  const membership = await requireMembership(tenant);
  const { from, to } = windowOf('7d', Date.now());
  const [apis, environment, timeseries] = await Promise.all([
    read(listApis(at, { limit: 1 })),
    read(getEnvironment(at)),
    read(getTimeseries(at, { from, to })),
  ]);
  if (isFailure(membership)) return <FailureState failure={membership} />;
  if (!apis.ok) return <FailureState failure={apis} />;
  return (
    <>
      <PageHeader title="Put an API on line" state="From an upstream to a public URL and its first answer." />
      {may(membership, 'edit') ? (
        <StartPage
          at={at}
          facts={factsOf(
            apis.value.items.length,
            environment.ok ? environment.value : null,
            timeseries.ok ? timeseries.value : null,
          )}
          portalUrl={environment.ok ? environment.value.portalUrl : null}
        />
      ) : (
        membership.purgeAt === null && (
          <EmptyState title="Your role may look, not make.">
            Ask an owner or an admin of this organisation for the role <em>developer</em>.
          </EmptyState>
        )
      )}
    </>
  );
}
