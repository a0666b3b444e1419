'use client';

import { clsx } from 'clsx';
import { useId } from 'react';
import type { ComponentProps, ReactNode } from 'react';

const control =
  'tap w-full scroll-my-16 rounded-control border bg-surface px-2.5 text-text placeholder:text-text-3 disabled:bg-sunken disabled:text-text-3';

function controlClass(isWrong: boolean, extra?: string): string {
  return clsx(control, isWrong ? 'border-bad' : 'border-control', extra);
}

interface FieldFrameProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  isOptional?: boolean;
}

interface FrameChildProps {
  id: string;
  'aria-invalid': true | undefined;
  'aria-describedby': string | undefined;
}

/** A label, its control, and below it the hint or, in its place, what is wrong and how to mend it. */
export function Field({
  label,
  hint,
  error,
  isOptional = false,
  children,
}: FieldFrameProps & { children: (props: FrameChildProps) => ReactNode }) {
  const id = useId();
  const isWrong = error !== undefined;
  const hasNote = isWrong || hint !== undefined;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-strong text-13">
        {label}
        {isOptional && <span className="font-normal text-text-3"> (optional)</span>}
      </label>
      {children({ id, 'aria-invalid': isWrong || undefined, 'aria-describedby': hasNote ? `${id}-note` : undefined })}
      {hasNote && (
        <p id={`${id}-note`} className={clsx('text-12', isWrong ? 'text-bad' : 'text-text-3')}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

/** Text that machines read is in mono, and neither browsers nor phones may better it. */
interface MonoProps {
  isMono?: boolean;
}

const asTyped = { spellCheck: false, autoCapitalize: 'off', autoCorrect: 'off' } as const;

type InputProps = Omit<ComponentProps<'input'>, 'id' | 'size'> & FieldFrameProps & MonoProps & { isLarge?: boolean };

export function TextField({ label, hint, error, isOptional, isMono, isLarge, className, ...rest }: InputProps) {
  return (
    <Field label={label} hint={hint} error={error} isOptional={isOptional ?? false}>
      {(props) => (
        <input
          {...(isMono === true ? asTyped : {})}
          {...rest}
          {...props}
          className={controlClass(
            error !== undefined,
            clsx(isLarge === true ? 'h-10 text-16' : 'h-8', isMono === true && 'font-mono text-13', className),
          )}
        />
      )}
    </Field>
  );
}

type SelectProps = Omit<ComponentProps<'select'>, 'id'> & FieldFrameProps;

export function SelectField({ label, hint, error, isOptional, className, children, ...rest }: SelectProps) {
  return (
    <Field label={label} hint={hint} error={error} isOptional={isOptional ?? false}>
      {(props) => (
        <select {...rest} {...props} className={controlClass(error !== undefined, clsx('h-8', className))}>
          {children}
        </select>
      )}
    </Field>
  );
}

type TextAreaProps = Omit<ComponentProps<'textarea'>, 'id'> & FieldFrameProps & MonoProps;

/** As high as what stands in it, within bounds; dragged by its corner beyond them. */
export function TextAreaField({ label, hint, error, isOptional, isMono, className, rows, ...rest }: TextAreaProps) {
  const lines = typeof rest.value === 'string' ? rest.value.split('\n').length : 0;
  return (
    <Field label={label} hint={hint} error={error} isOptional={isOptional ?? false}>
      {(props) => (
        <textarea
          {...(isMono === true ? asTyped : {})}
          {...rest}
          {...props}
          rows={rows ?? Math.min(16, Math.max(3, lines))}
          className={controlClass(
            error !== undefined,
            clsx('resize-y py-1.5', isMono === true && 'font-mono text-13', className),
          )}
        />
      )}
    </Field>
  );
}

type CheckboxProps = Omit<ComponentProps<'input'>, 'type' | 'id'> & { label: ReactNode; hint?: string };

export function Checkbox({ label, hint, ...rest }: CheckboxProps) {
  const id = useId();
  return (
    <div className="flex min-h-6 items-start gap-2">
      <input {...rest} id={id} type="checkbox" className="mt-0.5 size-4 accent-(--accent)" />
      <label htmlFor={id} className="min-w-0">
        {label}
        {hint !== undefined && <span className="block text-12 text-text-3">{hint}</span>}
      </label>
    </div>
  );
}
