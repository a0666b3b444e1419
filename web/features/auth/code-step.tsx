'use client';

import { useState } from 'react';
import { sendCode, verifyCode } from '@/features/api/auth-calls';
import type { Failure } from '@/features/api/call';
import { perform } from '@/features/api/perform';
import { InlineButton } from '@/features/ui/button';
import { FormFailure } from '@/features/ui/states';
import { useToast } from '@/features/ui/toast';
import { useForm } from '@/features/ui/use-form';
import { CodeField } from './code-field';

/** The code of the mail, typed in the same tab. A right one also signs in. */
export function CodeStep({ email, onVerified }: { email: string; onVerified: () => void | Promise<void> }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const toast = useToast();
  const another = useForm({ call: sendCode, onDone: sent });

  async function check(otp: string): Promise<void> {
    setIsSending(true);
    setFailure(null);
    const outcome = await perform(verifyCode({ email, otp }));
    if (outcome.ok) {
      await onVerified();
      return;
    }
    setIsSending(false);
    setFailure(outcome);
    setAttempt((before) => before + 1);
  }

  function sent(): void {
    setFailure(null);
    toast('A new code is on its way. The old one no longer works.');
  }

  const isWrong = failure?.code === 'wrong_code';
  return (
    <div className="flex flex-col gap-4">
      <CodeField
        key={attempt}
        onComplete={(code) => void check(code)}
        isSending={isSending}
        error={isWrong ? failure.detail : undefined}
      />
      <FormFailure failure={another.failure ?? (isWrong ? null : failure)} />
      <p className="text-13 text-text-2">
        Nothing there after a minute? Look into the spam folder, or{' '}
        <InlineButton onClick={() => void another.submit({ email })}>send another code</InlineButton>
      </p>
    </div>
  );
}
