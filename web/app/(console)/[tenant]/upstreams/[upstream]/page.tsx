import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { getUpstream, getUpstreamHealth } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { routes } from '@/features/navigation/routes';
import { pageContext } from '@/features/session/page-context';
import { PageHeader, Section } from '@/features/ui/page-header';
import { FailureState } from '@/features/ui/states';
import { TargetHealthSection } from '@/features/upstreams/target-health';
import { UnverifiedTls } from '@/features/upstreams/unverified-tls';
import { UpstreamForm } from '@/features/upstreams/upstream-form';

interface Props {
  params: Promise<{ tenant: string; upstream: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).upstream) };
}

export default async function UpstreamPage({ params }: Props) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const name = decodeURIComponent((await params).upstream);
  const [upstream, health] = await Promise.all([
    read(getUpstream(context.at, name)),
    read(getUpstreamHealth(context.at)),
  ]);
  if (!upstream.ok && upstream.code === 'not_found') {
    // Where people guess the form to be. One that is named so is shown instead.
    if (name === 'new') redirect(routes.upstreams(context.at.tenant, { new: '1' }));
    notFound();
  }
  if (!upstream.ok) return <FailureState failure={upstream} />;
  return (
    <>
      <PageHeader
        title={upstream.value.name}
        state="One upstream of the draft, and its targets as gateways see them."
        actions={<UnverifiedTls upstream={upstream.value} />}
      />
      <div className="flex flex-col gap-6">
        {health.ok ? (
          <TargetHealthSection health={health.value} name={name} />
        ) : (
          <FailureState failure={health} what="The health of the targets cannot be read now." />
        )}
        <Section title="Upstream in the draft" note="Changes are served once they are published.">
          <UpstreamForm
            key={upstream.etag}
            at={context.at}
            upstream={upstream.value}
            etag={upstream.etag ?? undefined}
            isReadOnly={!context.canEdit}
          />
        </Section>
      </div>
    </>
  );
}
