'use client';

import { useState } from 'react';
import { z } from 'zod';
import { sendAppCode, sendBackupCode } from '@/features/api/auth-calls';
import type { Failure } from '@/features/api/call';
import { perform } from '@/features/api/perform';
import { Button, InlineButton } from '@/features/ui/button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';
import { CodeField } from './code-field';

interface StepProps {
  onSignedIn: () => void;
}

/** After the password: a code of the app, or a backup code for who has not got the phone. */
export function SecondStep({ onSignedIn, onBack }: StepProps & { onBack: () => void }) {
  const [way, setWay] = useState<'app' | 'backup'>('app');
  return (
    <div className="flex flex-col gap-4">
      {way === 'app' ? <AppCodeStep onSignedIn={onSignedIn} /> : <BackupCodeStep onSignedIn={onSignedIn} />}
      <p className="text-13 text-text-2">
        {way === 'app' ? 'The phone is not at hand? ' : 'The phone is at hand? '}
        <InlineButton onClick={() => setWay(way === 'app' ? 'backup' : 'app')}>
          {way === 'app' ? 'Use a backup code' : 'Use a code of the app'}
        </InlineButton>
        {' or '}
        <InlineButton onClick={onBack}>begin again</InlineButton>
      </p>
    </div>
  );
}

/** Six digits of the authenticator app, which send themselves. Also what proves that the app has the secret. */
export function AppCodeStep({ onSignedIn }: StepProps) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [attempt, setAttempt] = useState(0);

  async function check(code: string): Promise<void> {
    setIsSending(true);
    setFailure(null);
    const outcome = await perform(sendAppCode({ code }));
    if (outcome.ok) {
      onSignedIn();
      return;
    }
    setIsSending(false);
    setFailure(outcome);
    setAttempt((before) => before + 1);
  }

  const isWrong = failure?.code === 'wrong_code';
  return (
    <>
      <CodeField
        key={attempt}
        label="Code of the authenticator app"
        onComplete={(code) => void check(code)}
        isSending={isSending}
        error={isWrong ? failure.detail : undefined}
      />
      <FormFailure failure={isWrong ? null : failure} />
    </>
  );
}

const backupSchema = z.object({ code: z.string().trim().min(1, 'Write one of your backup codes.').max(40) });

function BackupCodeStep({ onSignedIn }: StepProps) {
  const [code, setCode] = useState('');
  const form = useForm({ schema: backupSchema, call: sendBackupCode, onDone: onSignedIn });
  return (
    <Form form={form} input={{ code }} className="flex flex-col gap-4">
      <TextField
        label="Backup code"
        isLarge
        isMono
        autoComplete="off"
        ref={(input) => input?.focus()}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        hint="Each works once."
        error={form.errors['/code']}
      />
      <FormFailure failure={form.failure} />
      <Button look="primary" size="large" type="submit" isSending={form.isSending}>
        Sign in
      </Button>
    </Form>
  );
}
