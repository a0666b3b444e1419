import type { Metadata } from 'next';
import { listMembers } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { InviteForm } from '@/features/members/invite-form';
import { MemberTable } from '@/features/members/member-table';
import { pageContext } from '@/features/session/page-context';
import { PageHeader, Section } from '@/features/ui/page-header';
import { FailureState } from '@/features/ui/states';

export const metadata: Metadata = { title: 'Members' };

export default async function MembersPage({ params }: { params: Promise<{ tenant: string }> }) {
  const context = await pageContext(params);
  if ('ok' in context) return <FailureState failure={context} />;
  const { at, canManageMembers } = context;
  const members = await read(listMembers(at.tenant, { limit: 200 }));
  return (
    <div className="flex max-w-[1120px] flex-col gap-5">
      <PageHeader title="Members" state="Who works here, and what they may do." />
      {!members.ok && <FailureState failure={members} />}
      {members.ok && <MemberTable tenant={at.tenant} members={members.value.items} canManage={canManageMembers} />}
      {canManageMembers && (
        <Section title="Invite" note="They become a member when they sign in with that address.">
          <InviteForm tenant={at.tenant} />
        </Section>
      )}
    </div>
  );
}
