'use client';

import type { ReactNode } from 'react';
import type { Failure } from '@/features/api/call';
import { Button } from './button';
import type { ButtonLook } from './button';
import { Form } from './form';
import { FormFailure } from './states';

interface RowFormProps<Input> {
  /** What `useForm` answered. */
  form: {
    errors: Readonly<Record<string, string>>;
    failure: Failure | null;
    isSending: boolean;
    submit: (input: Input) => Promise<void>;
  };
  /** What is sent: the fields as they stand. */
  input: Input;
  /** Of the button. */
  label: string;
  look?: ButtonLook;
  className?: string;
  /** One or two fields, which share the row evenly. */
  children: ReactNode;
}

/** A form of one row: its fields and the button beside them, on a phone below them. */
export function RowForm<Input>({ form, input, label, look = 'primary', className, children }: RowFormProps<Input>) {
  return (
    <Form form={form} input={input} className={className ?? 'max-w-[760px]'}>
      <div className="flex flex-col gap-3 sm:flex-row sm:[&>div]:flex-1">
        {children}
        <Button look={look} type="submit" isSending={form.isSending} className="sm:mt-[22px]">
          {label}
        </Button>
      </div>
      <div className="mt-3 empty:hidden">
        <FormFailure failure={form.failure} />
      </div>
    </Form>
  );
}
