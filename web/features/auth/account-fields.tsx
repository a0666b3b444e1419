'use client';

// What every form of an account asks for: an address and a password, named so that browsers and password managers know
// them again.
import { z } from 'zod';
import { TextField } from '@/features/ui/field';

export const emailSchema = z.email('Write an address such as ada@acme.dev.').max(254);

/** Length is what makes a password strong (NIST SP 800-63B): no rules about its letters. */
export const newPasswordSchema = z
  .string()
  .min(8, 'Write at least 8 characters.')
  .max(200, 'Write at most 200 characters.');

export const knownPasswordSchema = z.string().min(1, 'Write your password.');

interface AccountFieldProps {
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

export function EmailField({ value, error, onChange }: AccountFieldProps) {
  return (
    <TextField
      label="Mail address"
      name="email"
      type="email"
      autoComplete="email"
      isLarge
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={error}
    />
  );
}

export function PasswordField({
  label = 'Password',
  isNew,
  value,
  error,
  onChange,
}: AccountFieldProps & { label?: string; isNew: boolean }) {
  return (
    <TextField
      label={label}
      name="password"
      type="password"
      autoComplete={isNew ? 'new-password' : 'current-password'}
      isLarge
      hint={isNew ? 'At least 8 characters.' : undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={error}
    />
  );
}
