'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { z } from 'zod';
import { sendCode, signIn } from '@/features/api/auth-calls';
import { perform } from '@/features/api/perform';
import { routes, safeNext } from '@/features/navigation/routes';
import { Button } from '@/features/ui/button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';
import { AuthFrame } from './auth-frame';

const schema = z.object({
  email: z.email('Write an address such as ada@acme.dev.'),
  password: z.string().min(1, 'Write your password.'),
});

interface SignInFormProps {
  next: string | undefined;
  /** Where the new go: the console's sign-up, or the portal's page for a key. */
  newcomers: { href: string; label: string };
}

export function SignInForm({ next, newcomers }: SignInFormProps) {
  const [values, setValues] = useState({ email: '', password: '' });
  const router = useRouter();
  const form = useForm({ schema, call: signIn, onDone: enter });
  const isUnverified = form.failure?.code === 'address_unverified';

  function enter(): void {
    location.assign(safeNext(next));
  }

  async function sendMeACode(): Promise<void> {
    await perform(sendCode({ email: values.email }));
    router.push(routes.verify({ email: values.email, next: safeNext(next) }));
  }

  return (
    <AuthFrame title="Sign in">
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
          autoComplete="current-password"
          isLarge
          value={values.password}
          onChange={(event) => setValues({ ...values, password: event.target.value })}
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
