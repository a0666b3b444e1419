'use client';

import { memberCreateSchema, roles, roleSchema } from '@sluice/contracts';
import type { Role } from '@sluice/contracts';
import { useState } from 'react';
import { inviteMember } from '@/features/api/calls';
import { SelectField, TextField } from '@/features/ui/field';
import { RowForm } from '@/features/ui/row-form';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { roleWords } from './roles';

export function InviteForm({ tenant }: { tenant: string }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('developer');
  const after = useAfter();
  const form = useForm({
    schema: memberCreateSchema,
    call: (body, key) => inviteMember(tenant, body, key),
    onDone: ({ value }) => {
      setEmail('');
      after(`Invited ${value.email}.`);
    },
  });
  return (
    <RowForm form={form} input={{ email: email.trim(), role }} label="Invite">
      <TextField
        label="Mail address"
        type="email"
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={form.errors['/email']}
      />
      <SelectField
        label="Role"
        value={role}
        onChange={(event) => setRole(roleSchema.parse(event.target.value))}
        hint={`May ${roleWords[role]}.`}
        error={form.errors['/role']}
      >
        {roles.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
    </RowForm>
  );
}
