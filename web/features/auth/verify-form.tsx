'use client';

import { useState } from 'react';
import { verifyCode } from '@/features/api/auth-calls';
import { Button } from '@/features/ui/button';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';
import { AuthFrame } from './auth-frame';
import { CodeStep } from './code-step';

/** Where the link of the mail leads. It asks for one press: mail scanners follow links, and must not use the code up. */
export function VerifyForm({ email, code }: { email: string; code: string }) {
  const [isDone, setIsDone] = useState(false);
  const form = useForm({
    call: (body: { email: string; otp: string }) => verifyCode(body),
    onDone: () => setIsDone(true),
  });
  if (isDone) {
    return (
      <AuthFrame title="Your address is confirmed" note="You are signed in.">
        <Button look="primary" size="large" onClick={() => location.assign('/')}>
          Go on
        </Button>
      </AuthFrame>
    );
  }
  if (form.failure !== null) {
    return (
      <AuthFrame title="Check your mail" note={email}>
        <FormFailure failure={{ ...form.failure, errors: [] }} />
        <CodeStep email={email} onVerified={() => setIsDone(true)} />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title="Confirm your address" note={email}>
      <Button
        look="primary"
        size="large"
        isSending={form.isSending}
        onClick={() => void form.submit({ email, otp: code })}
      >
        Confirm
      </Button>
    </AuthFrame>
  );
}
