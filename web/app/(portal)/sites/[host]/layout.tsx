import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { readMe } from '@/features/api/read';
import { KeyMemoryProvider } from '@/features/portal/key-memory';
import { PortalHeader } from '@/features/portal/portal-header';
import { readPortal } from '@/features/portal/read-portal';
import { FailureState } from '@/features/ui/states';

interface Props {
  params: Promise<{ host: string }>;
  children: ReactNode;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const portal = await readPortal((await params).host);
  const title = 'ok' in portal ? 'Developer portal' : portal.tenant.title;
  return { title: { default: `${title} for developers`, template: `%s · ${title}` } };
}

export default async function PortalLayout({ params, children }: Props) {
  const [portal, me] = await Promise.all([readPortal((await params).host), readMe()]);
  if ('ok' in portal) {
    return (
      <main className="mx-auto max-w-[720px] px-5 py-16">
        <FailureState failure={portal} what="This portal cannot be read now" />
      </main>
    );
  }
  return (
    <KeyMemoryProvider>
      <PortalHeader
        title={portal.tenant.title}
        email={me.ok ? me.value.email : null}
        hasPlans={portal.plans.length > 0}
      />
      <main id="content" className="mx-auto w-full max-w-[1120px] min-w-0 px-5 pb-24 text-16">
        {children}
      </main>
    </KeyMemoryProvider>
  );
}
