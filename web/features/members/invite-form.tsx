'use client';

import { memberCreateSchema, roles, roleSchema } from '@sluice/contracts';
import type { Role } from '@sluice/contracts';
import { useState } from 'react';
import { inviteMember } from '@/features/api/calls';
import { Button } from '@/features/ui/button';
import { SelectField, TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
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
    <Form form={form} input={{ email: email.trim(), role }} className="flex max-w-[760px] flex-col gap-3">
      <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
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
        <Button look="primary" type="submit" isSending={form.isSending} className="sm:mt-[22px]">
          Invite
        </Button>
      </div>
      <FormFailure failure={form.failure} />
    </Form>
  );
}
