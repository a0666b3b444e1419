'use client';

import Link from 'next/link';
import { useState } from 'react';
import { z } from 'zod';
import { requestReset, resetPassword } from '@/features/api/auth-calls';
import { routes } from '@/features/navigation/routes';
import { Button, buttonClass, InlineButton } from '@/features/ui/button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useToast } from '@/features/ui/toast';
import { useForm } from '@/features/ui/use-form';
import { EmailField, emailSchema, newPasswordSchema, PasswordField } from './account-fields';
import { AuthFrame } from './auth-frame';

const askSchema = z.object({ email: emailSchema });
const resetSchema = z.object({
  email: emailSchema,
  otp: z.string().regex(/^\d{6}$/, 'Write the six digits of the mail.'),
  password: newPasswordSchema,
});

/** A forgotten password: the address, then the mailed code with a new password. Every session ends. */
export function ResetForm({ email: givenEmail, code }: { email: string; code: string }) {
  // The link of the mail brings both.
  const hasCode = emailSchema.safeParse(givenEmail).success && code !== '';
  const [step, setStep] = useState<'address' | 'password' | 'done'>(hasCode ? 'password' : 'address');
  const [values, setValues] = useState({ email: givenEmail, otp: hasCode ? code : '', password: '' });
  const toast = useToast();
  const ask = useForm({ schema: askSchema, call: requestReset, onDone: asked });
  const set = useForm({ schema: resetSchema, call: resetPassword, onDone: () => setStep('done') });
  if (step === 'done') {
    return (
      <AuthFrame title="The new password is set" note="Every session has ended.">
        <Link href={routes.signIn()} className={buttonClass('primary', 'large')}>
          Sign in
        </Link>
      </AuthFrame>
    );
  }
  const form = step === 'address' ? ask : set;
  const isFromMail = hasCode && values.email === givenEmail && values.otp === code;
  function asked(): void {
    if (step === 'password') toast('Asked for another code. Only the newest works.');
    setValues((before) => ({ ...before, otp: '' }));
    setStep('password');
  }
  return (
    <AuthFrame
      title="Set a new password"
      note={
        step === 'address'
          ? 'We mail you a code.'
          : isFromMail
            ? `For ${values.email}. The code works for 10 minutes, and once.`
            : `If ${values.email} has an account, 6 digits are on their way to it. They work for 10 minutes.`
      }
    >
      <Form form={form} input={step === 'address' ? { email: values.email } : values} className="flex flex-col gap-4">
        {step === 'address' && (
          <EmailField
            value={values.email}
            onChange={(email) => setValues({ ...values, email })}
            error={ask.errors['/email']}
          />
        )}
        {step === 'password' && (
          <>
            <TextField
              label="Code"
              inputMode="numeric"
              autoComplete="one-time-code"
              isLarge
              isMono
              value={values.otp}
              onChange={(event) => setValues({ ...values, otp: event.target.value.replaceAll(/\D/g, '').slice(0, 6) })}
              error={set.errors['/otp']}
            />
            <PasswordField
              label="New password"
              isNew
              value={values.password}
              onChange={(password) => setValues({ ...values, password })}
              error={set.errors['/password']}
            />
          </>
        )}
        <FormFailure failure={form.failure ?? ask.failure} />
        <Button look="primary" size="large" type="submit" isSending={form.isSending}>
          {step === 'address' ? 'Send the code' : 'Set password'}
        </Button>
      </Form>
      {step === 'address' && (
        <p className="text-text-2">
          You know it after all?{' '}
          <Link href={routes.signIn()} className="link">
            Sign in
          </Link>
        </p>
      )}
      {step === 'password' && (
        <p className="text-13 text-text-2">
          Nothing there after a minute? Look into the spam folder,{' '}
          <InlineButton onClick={() => void ask.submit({ email: values.email })}>send another code</InlineButton> or{' '}
          <InlineButton onClick={() => setStep('address')}>change the address</InlineButton>
        </p>
      )}
    </AuthFrame>
  );
}
