import type { Metadata } from 'next';
import { getDocument, getEnvironment, getRevision } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { ChangeList } from '@/features/revisions/change-list';
import { compareDocuments } from '@/features/revisions/compare';
import { PublishForm } from '@/features/revisions/publish-form';
import { pageContext } from '@/features/session/page-context';
import { plural } from '@/features/ui/numbers';
import { PageHeader, Section } from '@/features/ui/page-header';
import { EmptyState, FailureState } from '@/features/ui/states';

export const metadata: Metadata = { title: 'Review the draft' };

export default async function DraftPage({ params }: { params: Promise<{ tenant: string }> }) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at, canEdit } = context;
  const [environment, document] = await Promise.all([read(getEnvironment(at)), read(getDocument(at))]);
  if (!environment.ok) return <FailureState failure={environment} />;
  if (!document.ok) return <FailureState failure={document} />;
  const { live } = environment.value;
  const published = live === null ? null : await read(getRevision(at, live.revision));
  if (published !== null && !published.ok) return <FailureState failure={published} />;
  const changes = compareDocuments(published?.value.document ?? null, document.value);
  const list = (
    <Section
      title={plural(changes.length, 'change')}
      note={live === null ? 'Nothing is published yet.' : `Against r${live.revision}.`}
    >
      {changes.length === 0 ? (
        <EmptyState title="The draft is what is live.">
          Change an API, an upstream or a plan, and it shows here.
        </EmptyState>
      ) : (
        <ChangeList changes={changes} />
      )}
    </Section>
  );
  return (
    <div className="flex max-w-[960px] flex-col gap-5">
      <PageHeader title="Review and publish" state="What will change on every gateway." />
      {canEdit ? <PublishForm at={at}>{list}</PublishForm> : list}
    </div>
  );
}
