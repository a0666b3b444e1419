import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { getArms, getEnvironment, listRoutes, listUpstreams } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { ApiPage } from '@/features/apis/api-page';
import { loadApi } from '@/features/apis/load-api';
import { RouteForm } from '@/features/apis/route-form';
import { RouteTable } from '@/features/apis/route-table';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { windowOf } from '@/features/navigation/range';
import { routes } from '@/features/navigation/routes';
import { pageContext } from '@/features/session/page-context';
import { buttonClass } from '@/features/ui/button';
import { EmptyState, FailureState } from '@/features/ui/states';

interface Props {
  params: Promise<{ tenant: string; api: string }>;
  searchParams: SearchParams;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).api };
}

export default async function ApiRoutesPage({ params, searchParams }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at, canEdit } = context;
  const name = (await params).api;
  const isNew = one(await searchParams, 'new') === 'route' && canEdit;
  const { from, to } = windowOf('24h', Date.now());
  const [loaded, list, upstreams, arms, environment] = await Promise.all([
    loadApi(at, name),
    read(listRoutes(at, name, { limit: 200 })),
    read(listUpstreams(at, { limit: 200 })),
    read(getArms(at, { from, to, api: name })),
    read(getEnvironment(at)),
  ]);
  if ('ok' in loaded) return <FailureState failure={loaded} />;
  const explain = !isNew && environment.ok && (
    <Link href={routes.explain(at.tenant)} className={buttonClass()}>
      Explain a request
    </Link>
  );
  const add = canEdit && !isNew && (
    <Link href={routes.api(at.tenant, name, { new: 'route' })} className={buttonClass('primary')}>
      <Plus aria-hidden />
      Add route
    </Link>
  );
  return (
    <ApiPage
      tenant={at.tenant}
      api={loaded.api}
      newest={loaded.newest}
      actions={
        <>
          {explain}
          {add}
        </>
      }
    >
      {isNew && (
        <RouteForm at={at} api={name} upstreams={upstreams.ok ? upstreams.value.items.map((one) => one.name) : []} />
      )}
      {!isNew && !list.ok && <FailureState failure={list} />}
      {!isNew && list.ok && list.value.items.length === 0 && (
        <EmptyState title="No routes yet." action={add}>
          A route says which requests it takes, and to which upstreams they go.
        </EmptyState>
      )}
      {!isNew && list.ok && list.value.items.length > 0 && (
        <RouteTable
          tenant={at.tenant}
          api={name}
          apiPolicies={loaded.api.policies}
          routes={list.value.items}
          arms={arms.ok ? arms.value.arms : []}
          publicUrl={environment.ok ? environment.value.publicUrl : null}
        />
      )}
    </ApiPage>
  );
}
