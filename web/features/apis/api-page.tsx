import type { ReactNode } from 'react';
import type { Api, Revision } from '@sluice/contracts';
import { routes } from '@/features/navigation/routes';
import { Refusals } from '@/features/revisions/refusals';
import { LinkTabs } from '@/features/ui/link-tabs';
import { PageHeader } from '@/features/ui/page-header';

/** What every page of one API shows: its title, its tabs, and what gateways refused of it. */
export function ApiPage({
  tenant,
  api,
  newest,
  actions,
  children,
}: {
  tenant: string;
  api: Api;
  newest: Revision | undefined;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={api.title}
        state={
          <>
            <code>{api.name}</code> · {api.version}
          </>
        }
        actions={actions}
      />
      <LinkTabs
        label={api.title}
        tabs={[
          { title: 'Routes', href: routes.api(tenant, api.name) },
          { title: 'Settings', href: routes.apiSettings(tenant, api.name) },
        ]}
      />
      <Refusals revision={newest} prefix={`apis/${api.name}`} />
      {children}
    </div>
  );
}
