'use client';

import { useState } from 'react';
import { z } from 'zod';
import { signIn, signUp } from '@/features/api/auth-calls';
import {
  EmailField,
  emailSchema,
  knownPasswordSchema,
  newPasswordSchema,
  PasswordField,
} from '@/features/auth/account-fields';
import { SecondStep } from '@/features/auth/second-step';
import { Button, InlineButton } from '@/features/ui/button';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';

const newSchema = z.object({ email: emailSchema, password: newPasswordSchema });
const knownSchema = z.object({ email: emailSchema, password: knownPasswordSchema });

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
  const [isHalfIn, setIsHalfIn] = useState(false);
  const known = useForm({
    schema: knownSchema,
    call: signIn,
    onDone: ({ value }) => ('secondStep' in value ? setIsHalfIn(true) : onSignedIn()),
  });
  const fresh = useForm({ schema: newSchema, call: signUp, onDone: () => onSignedUp(values.email) });
  const form = isKnown ? known : fresh;
  if (isHalfIn) return <SecondStep onSignedIn={onSignedIn} onBack={() => setIsHalfIn(false)} />;
  return (
    <>
      <Form form={form} input={values} className="flex flex-col gap-4">
        <EmailField
          value={values.email}
          onChange={(email) => setValues({ ...values, email })}
          error={form.errors['/email']}
        />
        <PasswordField
          isNew={!isKnown}
          value={values.password}
          onChange={(password) => setValues({ ...values, password })}
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
