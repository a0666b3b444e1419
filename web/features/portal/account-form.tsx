'use client';

import { useState } from 'react';
import { z } from 'zod';
import { signIn, signUp } from '@/features/api/auth-calls';
import { passwordSchema } from '@/features/auth/password';
import { Button, InlineButton } from '@/features/ui/button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';

const email = z.email('Write an address such as ada@acme.dev.').max(254);
const newSchema = z.object({ email, password: passwordSchema });
const knownSchema = z.object({ email, password: z.string().min(1, 'Write your password.') });

/** Mail and password: a new account, or a known one, on the same page with the same two fields. */
export function AccountForm({
  tenantTitle,
  onSignedUp,
  onSignedIn,
}: {
  tenantTitle: string;
  onSignedUp: (email: string) => void;
  onSignedIn: () => void;
}) {
  const [isKnown, setIsKnown] = useState(false);
  const [values, setValues] = useState({ email: '', password: '' });
  const form = useForm({
    schema: isKnown ? knownSchema : newSchema,
    call: (body) => (isKnown ? signIn(body) : signUp(body)),
    onDone: () => (isKnown ? onSignedIn() : onSignedUp(values.email)),
  });
  return (
    <>
      <Form form={form} input={values} className="flex flex-col gap-4">
        <TextField
          label="Mail address"
          name="email"
          type="email"
          autoComplete="email"
          isLarge
          value={values.email}
          onChange={(event) => setValues({ ...values, email: event.target.value })}
          error={form.errors['/email']}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete={isKnown ? 'current-password' : 'new-password'}
          isLarge
          hint={isKnown ? undefined : 'At least 8 characters.'}
          value={values.password}
          onChange={(event) => setValues({ ...values, password: event.target.value })}
          error={form.errors['/password']}
        />
        {!isKnown && (
          <p className="text-14 text-text-2">
            By continuing you ask {tenantTitle} for access to its API with this address.
          </p>
        )}
        <FormFailure failure={form.failure} />
        {isKnown && form.failure?.code === 'address_unverified' && (
          <Button size="large" onClick={() => onSignedUp(values.email)}>
            Type the code
          </Button>
        )}
        <Button look="primary" size="large" type="submit" isSending={form.isSending}>
          {isKnown ? 'Sign in and get a key' : 'Continue'}
        </Button>
      </Form>
      <p className="text-14 text-text-2">
        {isKnown ? 'New here?' : 'You have an account?'}{' '}
        <InlineButton onClick={() => setIsKnown(!isKnown)}>
          {isKnown ? 'Make an account' : 'Sign in instead'}
        </InlineButton>
      </p>
    </>
  );
}
