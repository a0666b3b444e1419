'use client';

import { roles, roleSchema } from '@sluice/contracts';
import type { Member, Role } from '@sluice/contracts';
import { changeMember, removeMember } from '@/features/api/calls';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { DataTable } from '@/features/ui/data-table';
import { FormFailure } from '@/features/ui/states';
import { StatusBadge } from '@/features/ui/status-badge';
import { Time } from '@/features/ui/time';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { Given } from '@/features/ui/given';

export function MemberTable({
  tenant,
  members,
  canManage,
}: {
  tenant: string;
  members: readonly Member[];
  canManage: boolean;
}) {
  const after = useAfter();
  const form = useForm({
    call: (change: { id: string; role: Role }) => changeMember(tenant, change.id, { role: change.role }),
    onDone: () => after('The role is changed.'),
  });
  const removal = (member: Member) => (
    <ConfirmButton
      size="compact"
      label="Remove"
      name={member.email}
      title={`Remove ${member.email}?`}
      consequence="They lose access at once. What they made stays; they can be invited again."
      call={() => removeMember(tenant, member.id)}
      onDone={() => after(`${member.email} is no longer a member.`)}
    />
  );
  return (
    <div className="flex flex-col gap-3">
      <FormFailure failure={form.failure} />
      <DataTable
        caption="Members"
        rows={members}
        rowKey={(member) => member.id}
        columns={[
          {
            title: 'Person',
            cell: (member) => (
              <span className="block min-w-24 wrap-anywhere">
                {member.email}
                {member.name !== null && (
                  <span className="block text-12 text-text-3">
                    <Given>{member.name}</Given>
                  </span>
                )}
                {member.state !== 'active' && <span className="block text-12 sm:hidden">{member.state}</span>}
              </span>
            ),
          },
          {
            title: 'Role',
            cell: (member) =>
              canManage ? (
                <select
                  aria-label={`Role of ${member.email}`}
                  value={member.role}
                  disabled={form.isSending}
                  onChange={(event) => void form.submit({ id: member.id, role: roleSchema.parse(event.target.value) })}
                  className="tap h-8 max-w-full rounded-control border border-control bg-surface px-2 max-sm:px-1"
                >
                  {roles.map((role) => (
                    <option key={role}>{role}</option>
                  ))}
                </select>
              ) : (
                member.role
              ),
          },
          {
            title: 'State',
            isSecondary: true,
            cell: (member) => (
              <StatusBadge tone={member.state === 'active' ? 'ok' : 'info'}>{member.state}</StatusBadge>
            ),
          },
          { title: 'Since', cell: (member) => <Time at={member.createdAt} />, isSecondary: true },
          ...(canManage ? [{ title: 'Actions', cell: removal }] : []),
        ]}
      />
    </div>
  );
}
