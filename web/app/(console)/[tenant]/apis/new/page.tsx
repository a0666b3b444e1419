import type { Metadata } from 'next';
import { NewApiForm } from '@/features/apis/new-api-form';
import { pageContext } from '@/features/session/page-context';
import { PageHeader } from '@/features/ui/page-header';
import { FailureState } from '@/features/ui/states';

export const metadata: Metadata = { title: 'New API' };

export default async function NewApiPage({ params }: { params: Promise<{ tenant: string }> }) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  return (
    <>
      <PageHeader title="Create API" state="It stays in the draft until you publish." />
      <NewApiForm at={context.at} />
    </>
  );
}
