import type { Metadata } from 'next';
import { getEnvironment, listApplications } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { emptyExplain } from '@/features/explain/explain-draft';
import { ExplainForm } from '@/features/explain/explain-form';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { pageContext } from '@/features/session/page-context';
import { PageHeader } from '@/features/ui/page-header';
import { FailureState } from '@/features/ui/states';

export const metadata: Metadata = { title: 'Explain a request' };

interface Props {
  params: Promise<{ tenant: string }>;
  searchParams: SearchParams;
}

export default async function ExplainPage({ params, searchParams }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at } = context;
  const query = await searchParams;
  const [environment, applications] = await Promise.all([
    read(getEnvironment(at)),
    read(listApplications(at, { limit: 200 })),
  ]);
  if (!environment.ok) return <FailureState failure={environment} />;
  const empty = emptyExplain(one(query, 'url') ?? `${environment.value.publicUrl}/`);
  return (
    <>
      <PageHeader title="Explain a request" state="What would be decided of a request that is never sent, and why." />
      <ExplainForm
        at={at}
        first={{
          ...empty,
          method: one(query, 'method') ?? empty.method,
          on: one(query, 'on') === 'draft' ? 'draft' : 'live',
          credential: one(query, 'credential') ?? '',
        }}
        applications={applications.ok ? applications.value.items : []}
      />
    </>
  );
}
