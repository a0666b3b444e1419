import type { Metadata } from 'next';
import { listSecrets } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { routes } from '@/features/navigation/routes';
import { SecretForm } from '@/features/secrets/secret-form';
import { SecretList } from '@/features/secrets/secret-list';
import { pageContext } from '@/features/session/page-context';
import { PageHeader, Section } from '@/features/ui/page-header';
import { Pager } from '@/features/ui/pager';
import { EmptyState, FailureState } from '@/features/ui/states';

export const metadata: Metadata = { title: 'Secrets' };

export default async function SecretsPage({
  params,
  searchParams,
}: {
  params: Promise<{ tenant: string }>;
  searchParams: SearchParams;
}) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at, canEdit } = context;
  const secrets = await read(listSecrets(at, { limit: 200, cursor: one(await searchParams, 'cursor') }));
  return (
    <div className="flex max-w-[960px] flex-col gap-5">
      <PageHeader title="Secrets" state="What policies refer to by secret:<name>. Nobody can read a value back." />
      {!secrets.ok && <FailureState failure={secrets} />}
      {secrets.ok && secrets.value.items.length === 0 && (
        <EmptyState title="No secrets yet.">
          {canEdit
            ? 'Set one, and write secret: and its name where a policy takes a shared secret or a header proves something.'
            : 'Whoever may edit the configuration can set one.'}
        </EmptyState>
      )}
      {secrets.ok && secrets.value.items.length > 0 && (
        <SecretList at={at} secrets={secrets.value.items} canEdit={canEdit} />
      )}
      {secrets.ok && (
        <Pager
          href={
            secrets.value.nextCursor === null ? null : routes.secrets(at.tenant, { cursor: secrets.value.nextCursor })
          }
        />
      )}
      {canEdit && (
        <Section title="Set a secret" note="A new value is in force on every gateway at once, without publishing.">
          <SecretForm at={at} />
        </Section>
      )}
    </div>
  );
}
