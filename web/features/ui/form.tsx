'use client';

import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

interface FormProps<Input> {
  /** What `useForm` answered. */
  form: { errors: Readonly<Record<string, string>>; submit: (input: Input) => Promise<void> };
  /** What is sent: the fields as they stand. */
  input: Input;
  className?: string;
  children: ReactNode;
}

/** The element of a form: after a refusal its first wrong field has the focus. */
export function Form<Input>({ form, input, className, children }: FormProps<Input>) {
  const element = useRef<HTMLFormElement>(null);
  const { errors, submit } = form;
  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);
  return (
    <form
      ref={element}
      noValidate
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(input);
      }}
    >
      {children}
    </form>
  );
}
