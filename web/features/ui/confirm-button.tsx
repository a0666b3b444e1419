'use client';

import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Call, Success } from '@/features/api/call';
import { Button } from './button';
import type { ButtonLook, ButtonSize } from './button';
import { Dialog } from './dialog';
import { FormFailure } from './states';
import { useForm } from './use-form';

/** A risky action: it states its consequence, and its button names the deed. */
export function ConfirmButton<T>({
  label,
  name,
  title,
  consequence,
  call,
  onDone,
  look = 'secondary',
  size = 'normal',
}: {
  label: string;
  /** What it acts on, for those who hear the button without seeing its row. */
  name: string;
  title: string;
  consequence: ReactNode;
  call: (idempotencyKey: string) => Call<T>;
  onDone: (answer: Success<T>) => void;
  look?: ButtonLook;
  size?: ButtonSize;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const form = useForm<null, T>({
    call: (_, key) => call(key),
    onDone: (answer) => {
      setIsOpen(false);
      onDone(answer);
    },
  });
  return (
    <>
      <Button look={look} size={size} onClick={() => setIsOpen(true)} aria-label={`${label} ${name}`}>
        {label}
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setIsOpen(false)} title={title} description={consequence}>
        <FormFailure failure={form.failure} />
        <div className="flex justify-end gap-2">
          <Button onClick={() => setIsOpen(false)}>Keep it</Button>
          <Button look="danger" isSending={form.isSending} onClick={() => void form.submit(null)}>
            {label}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
