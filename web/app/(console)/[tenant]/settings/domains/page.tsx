import type { Metadata } from 'next';
import { getEnvironment, listHostClaims } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { ClaimForm } from '@/features/hosts/claim-form';
import { ClaimList } from '@/features/hosts/claim-list';
import { givenHosts } from '@/features/hosts/host-words';
import { pageContext } from '@/features/session/page-context';
import { PageHeader, Section } from '@/features/ui/page-header';
import { EmptyState, FailureState } from '@/features/ui/states';

export const metadata: Metadata = { title: 'Domains' };

export default async function DomainsPage({ params }: { params: Promise<{ tenant: string }> }) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at, canManageHosts } = context;
  const [claims, environment] = await Promise.all([read(listHostClaims(at, { limit: 200 })), read(getEnvironment(at))]);
  return (
    <div className="flex max-w-[960px] flex-col gap-5">
      <PageHeader title="Domains" state="The hosts at which the gateways answer for you." />
      {environment.ok && claims.ok && (
        <p>
          Given to you:{' '}
          <code className="break-all">{givenHosts(environment.value, claims.value.items).join(', ')}</code>
        </p>
      )}
      {claims.ok && !environment.ok && (
        <FailureState failure={environment} what="The host that is given to you cannot be read now" />
      )}
      {!claims.ok && <FailureState failure={claims} />}
      {claims.ok && claims.value.items.length === 0 && (
        <EmptyState title="No hosts of your own yet.">
          {canManageHosts
            ? 'Claim one, prove with a TXT record that its domain is yours, and name it in your routes.'
            : 'An owner or an admin of this organisation can claim one.'}
        </EmptyState>
      )}
      {claims.ok && claims.value.items.length > 0 && (
        <ClaimList at={at} claims={claims.value.items} canManage={canManageHosts} />
      )}
      {canManageHosts && (
        <Section title="Claim a host" note="You get a TXT record to set. Until it is found, nothing is served there.">
          <ClaimForm at={at} />
        </Section>
      )}
    </div>
  );
}
