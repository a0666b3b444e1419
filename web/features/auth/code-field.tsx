'use client';

import { useState } from 'react';
import { TextField } from '@/features/ui/field';

/** Six digits that send themselves at the sixth. Spaces and dashes of a paste are dropped. */
export function CodeField({
  label = 'Code',
  onComplete,
  error,
  isSending,
}: {
  label?: string;
  onComplete: (code: string) => void;
  error: string | undefined;
  isSending: boolean;
}) {
  const [code, setCode] = useState('');
  return (
    <TextField
      label={label}
      name="code"
      isLarge
      isMono
      inputMode="numeric"
      autoComplete="one-time-code"
      // The code is the only thing to do on this page.
      ref={(input) => input?.focus()}
      value={code}
      error={error}
      hint={isSending ? 'Checking…' : 'Six digits. They are sent when the last one is typed.'}
      readOnly={isSending}
      className="tracking-[0.4em]"
      onChange={(event) => {
        const digits = event.target.value.replaceAll(/\D/g, '').slice(0, 6);
        setCode(digits);
        if (digits.length === 6 && digits !== code) onComplete(digits);
      }}
    />
  );
}
