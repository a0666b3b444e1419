import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getArms, getRoute, getWeights, listRevisions, listUpstreams } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { ofRoute } from '@/features/apis/of-route';
import { RouteForm } from '@/features/apis/route-form';
import { windowOf } from '@/features/navigation/range';
import { Refusals } from '@/features/revisions/refusals';
import { pageContext } from '@/features/session/page-context';
import { PageHeader, Section } from '@/features/ui/page-header';
import { EmptyState, FailureState } from '@/features/ui/states';
import { WeightsCard } from '@/features/weights/weights-card';

interface Props {
  params: Promise<{ tenant: string; api: string; route: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).route) };
}

export default async function RoutePage({ params }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at, canEdit } = context;
  const { api, route: encoded } = await params;
  const name = decodeURIComponent(encoded);
  const { from, to } = windowOf('15m', Date.now());
  const [route, weights, upstreams, arms, revisions] = await Promise.all([
    read(getRoute(at, api, name)),
    read(getWeights(at, api, name)),
    read(listUpstreams(at, { limit: 200 })),
    read(getArms(at, { from, to, api })),
    read(listRevisions(at, { limit: 1 })),
  ]);
  if (!route.ok && route.code === 'not_found') notFound();
  if (!route.ok) return <FailureState failure={route} />;
  return (
    <div className="flex flex-col gap-5">
      <PageHeader title={route.value.name} state="One route of the draft, and its weights in force." />
      <Refusals revision={revisions.ok ? revisions.value.items[0] : undefined} prefix={`apis/${api}/routes/${name}`} />
      <Section title="Weights in force" note="They take effect at once, without publishing.">
        {weights.ok ? (
          <WeightsCard
            key={weights.value.version}
            at={at}
            api={api}
            route={route.value}
            weights={weights.value}
            etag={weights.etag ?? undefined}
            arms={arms.ok ? ofRoute(arms.value.arms, api, name) : null}
            canEdit={canEdit}
          />
        ) : route.value.split === undefined ? (
          <EmptyState title="This route has no weights.">
            The gateway answers its requests itself; nothing of it goes to an upstream.
          </EmptyState>
        ) : weights.code === 'not_found' || weights.code === 'state_conflict' ? (
          <EmptyState title="This route is not published yet.">
            Publish it first; then traffic can be shifted between its arms here.
          </EmptyState>
        ) : (
          <FailureState failure={weights} />
        )}
      </Section>
      <Section title="Route in the draft" note="Changes are served once they are published.">
        <RouteForm
          key={route.etag}
          at={at}
          api={api}
          route={route.value}
          etag={route.etag ?? undefined}
          upstreams={upstreams.ok ? upstreams.value.items.map((upstream) => upstream.name) : []}
          isReadOnly={!canEdit}
        />
      </Section>
    </div>
  );
}
