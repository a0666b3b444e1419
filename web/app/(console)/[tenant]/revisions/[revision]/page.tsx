import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getRevision } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { ChangeList } from '@/features/revisions/change-list';
import { compareDocuments } from '@/features/revisions/compare';
import { LateGateways } from '@/features/revisions/late-gateways';
import { Receipts } from '@/features/revisions/receipts';
import { Refusals } from '@/features/revisions/refusals';
import { pageContext } from '@/features/session/page-context';
import { CodeBlock } from '@/features/ui/code-block';
import { DataTable } from '@/features/ui/data-table';
import { PageHeader, Section } from '@/features/ui/page-header';
import { EmptyState, FailureState } from '@/features/ui/states';
import { Time } from '@/features/ui/time';

interface Props {
  params: Promise<{ tenant: string; revision: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `r${(await params).revision}` };
}

export default async function RevisionPage({ params }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const number = Number((await params).revision);
  if (!Number.isInteger(number) || number < 1) notFound();
  const [revision, earlier] = await Promise.all([
    read(getRevision(context.at, number)),
    number === 1 ? null : read(getRevision(context.at, number - 1)),
  ]);
  if (!revision.ok && revision.code === 'not_found') notFound();
  if (!revision.ok) return <FailureState failure={revision} />;
  const { comment, author, createdAt, receipts, document, hash } = revision.value;
  const changes = compareDocuments(earlier?.ok === true ? earlier.value.document : null, document);
  return (
    <div className="flex max-w-[960px] flex-col gap-6">
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            r{number} <Receipts revision={revision.value} />
          </span>
        }
        state={
          <>
            {comment === '' ? 'No comment' : comment} · {author} · <Time at={createdAt} />
          </>
        }
      />
      <Refusals revision={revision.value} prefix="" />
      <Section title="Receipts">
        <LateGateways at={context.at} of={number} />
        {receipts.length === 0 ? (
          <EmptyState title="No gateway has answered yet." />
        ) : (
          <DataTable
            caption="Receipts"
            rows={receipts}
            rowKey={(receipt) => receipt.gatewayId}
            columns={[
              { title: 'Gateway', cell: (receipt) => <code className="break-all">{receipt.gatewayId}</code> },
              { title: 'State', cell: (receipt) => receipt.state },
              { title: 'Refused parts', cell: (receipt) => receipt.refusals.length, isNumber: true },
              { title: 'At', cell: (receipt) => <Time at={receipt.at} /> },
            ]}
          />
        )}
      </Section>
      <Section title="What it changed" note={number === 1 ? 'It is the first.' : `Against r${number - 1}.`}>
        {changes.length === 0 ? <EmptyState title="Nothing." /> : <ChangeList changes={changes} />}
      </Section>
      <Section title="Document" note={<code className="break-all">sha256 {hash}</code>}>
        <CodeBlock name="the document" code={JSON.stringify(document, null, 2)} />
      </Section>
    </div>
  );
}
