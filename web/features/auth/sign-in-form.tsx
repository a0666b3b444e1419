'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { z } from 'zod';
import { sendCode, signIn } from '@/features/api/auth-calls';
import { perform } from '@/features/api/perform';
import { routes, safeNext } from '@/features/navigation/routes';
import { Button } from '@/features/ui/button';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';
import { EmailField, emailSchema, knownPasswordSchema, PasswordField } from './account-fields';
import { AuthFrame } from './auth-frame';
import { SecondStep } from './second-step';

const schema = z.object({ email: emailSchema, password: knownPasswordSchema });

interface SignInFormProps {
  next: string | undefined;
  /** Where the new go: the console's sign-up, or the portal's page for a key. */
  newcomers: { href: string; label: string };
}

export function SignInForm({ next, newcomers }: SignInFormProps) {
  const [values, setValues] = useState({ email: '', password: '' });
  const router = useRouter();
  const [isHalfIn, setIsHalfIn] = useState(false);
  const form = useForm({
    schema,
    call: signIn,
    onDone: ({ value }) => ('secondStep' in value ? setIsHalfIn(true) : enter()),
  });
  const isUnverified = form.failure?.code === 'address_unverified';

  function enter(): void {
    location.assign(safeNext(next));
  }

  async function sendMeACode(): Promise<void> {
    await perform(sendCode({ email: values.email }));
    router.push(routes.verify({ email: values.email, next: safeNext(next) }));
  }

  if (isHalfIn) {
    return (
      <AuthFrame title="Second step" note={`Signing in as ${values.email}.`}>
        <SecondStep onSignedIn={enter} onBack={() => setIsHalfIn(false)} />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title="Sign in">
      <Form form={form} input={values} className="flex flex-col gap-4">
        <EmailField
          value={values.email}
          onChange={(email) => setValues({ ...values, email })}
          error={form.errors['/email']}
        />
        <PasswordField
          isNew={false}
          value={values.password}
          onChange={(password) => setValues({ ...values, password })}
          error={form.errors['/password']}
        />
        <FormFailure failure={form.failure} />
        {isUnverified && (
          <Button size="large" onClick={() => void sendMeACode()}>
            Send me a code
          </Button>
        )}
        <Button look="primary" size="large" type="submit" isSending={form.isSending}>
          Sign in
        </Button>
      </Form>
      <p className="text-text-2">
        New here?{' '}
        <Link href={newcomers.href} className="link">
          {newcomers.label}
        </Link>
      </p>
      <p className="text-text-2">
        Forgotten the password?{' '}
        <Link href={routes.reset()} className="link">
          Set a new one
        </Link>
      </p>
    </AuthFrame>
  );
}
