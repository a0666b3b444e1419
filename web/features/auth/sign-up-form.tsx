'use client';

import { titleSchema } from '@sluice/contracts';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { z } from 'zod';
import { signUp } from '@/features/api/auth-calls';
import { routes } from '@/features/navigation/routes';
import { Button } from '@/features/ui/button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';
import { EmailField, emailSchema, newPasswordSchema, PasswordField } from './account-fields';
import { AuthFrame } from './auth-frame';

const invitedSchema = z.object({ email: emailSchema, password: newPasswordSchema, organisation: z.string() });
const schema = invitedSchema.extend({ organisation: titleSchema });

/**
 * Mail, password, organisation. The code is typed on a page of its own, which then makes the organisation. Who was
 * invited to one makes none, and comes with the address of the invitation.
 */
export function SignUpForm({ invited }: { invited: string | undefined }) {
  const isInvited = invited !== undefined;
  const [values, setValues] = useState({ email: invited ?? '', password: '', organisation: '' });
  const router = useRouter();
  const set = (change: Partial<typeof values>) => setValues((before) => ({ ...before, ...change }));
  const form = useForm({
    schema: isInvited ? invitedSchema : schema,
    call: ({ email, password, organisation }) =>
      signUp({ email, password, ...(isInvited ? {} : { name: organisation }) }),
    onDone: () =>
      router.push(routes.verify({ email: values.email, ...(isInvited ? {} : { organisation: values.organisation }) })),
  });

  return (
    <AuthFrame
      title={isInvited ? 'Join your organisation' : 'Put your API on line'}
      note={
        isInvited
          ? 'With the address that was invited, you are a member at once.'
          : 'A public address, keys, limits and numbers, in about a minute.'
      }
    >
      <Form form={form} input={values} className="flex flex-col gap-4">
        <EmailField value={values.email} onChange={(email) => set({ email })} error={form.errors['/email']} />
        <PasswordField
          isNew
          value={values.password}
          onChange={(password) => set({ password })}
          error={form.errors['/password']}
        />
        {!isInvited && (
          <TextField
            label="Organisation"
            name="organisation"
            autoComplete="organization"
            isLarge
            value={values.organisation}
            onChange={(event) => set({ organisation: event.target.value })}
            error={form.errors['/organisation'] ?? form.errors['/name']}
          />
        )}
        <FormFailure failure={form.failure} />
        <Button look="primary" size="large" type="submit" isSending={form.isSending}>
          Continue
        </Button>
      </Form>
      <p className="text-text-2">
        You have an account?{' '}
        <Link href={routes.signIn()} className="link">
          Sign in
        </Link>
      </p>
    </AuthFrame>
  );
}
