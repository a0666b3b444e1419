'use client';

import { useState } from 'react';
import { z } from 'zod';
import type { Call, Success } from '@/features/api/call';
import { knownPasswordSchema, PasswordField } from '@/features/auth/account-fields';
import { Button } from '@/features/ui/button';
import type { ButtonLook } from '@/features/ui/button';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';

const schema = z.object({ password: knownPasswordSchema });

/** The password again, before something that a stolen session shall not do. */
export function PasswordStep<T>({
  label,
  look = 'primary',
  call,
  onDone,
  onCancel,
}: {
  label: string;
  look?: ButtonLook;
  call: (body: { password: string }) => Call<T>;
  onDone: (answer: Success<T>) => void;
  onCancel: () => void;
}) {
  const [password, setPassword] = useState('');
  const form = useForm({ schema, call, onDone });
  return (
    <Form form={form} input={{ password }} className="flex max-w-[400px] flex-col gap-4">
      <PasswordField
        label="Your password"
        isNew={false}
        value={password}
        onChange={setPassword}
        error={form.errors['/password']}
      />
      <FormFailure failure={form.failure} />
      <div className="flex flex-wrap gap-2">
        <Button look={look} type="submit" isSending={form.isSending}>
          {label}
        </Button>
        <Button onClick={onCancel}>Leave it as it is</Button>
      </div>
    </Form>
  );
}
