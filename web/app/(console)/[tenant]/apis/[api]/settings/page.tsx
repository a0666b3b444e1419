import type { Metadata } from 'next';
import { ApiPage } from '@/features/apis/api-page';
import { ApiSettingsForm } from '@/features/apis/api-settings-form';
import { loadApi } from '@/features/apis/load-api';
import { pageContext } from '@/features/session/page-context';
import { FailureState } from '@/features/ui/states';

export const metadata: Metadata = { title: 'Settings' };

export default async function ApiSettingsPage({ params }: { params: Promise<{ tenant: string; api: string }> }) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const loaded = await loadApi(context.at, (await params).api);
  if ('ok' in loaded) return <FailureState failure={loaded} />;
  return (
    <ApiPage tenant={context.at.tenant} api={loaded.api} newest={loaded.newest}>
      <ApiSettingsForm
        key={loaded.etag}
        at={context.at}
        api={loaded.api}
        etag={loaded.etag}
        isReadOnly={!context.canEdit}
      />
    </ApiPage>
  );
}
