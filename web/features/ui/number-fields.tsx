'use client';

import { useState } from 'react';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { TextField } from './field';
import { numberField, remedyOf, textOf } from './number-part';
import type { NumberField, Texts } from './number-part';

export interface NumberWords {
  readonly label: string;
  readonly hint?: string | undefined;
  /** In place of the usual number, where nothing goes without saying. */
  readonly placeholder?: string;
  /** The remedy of what no single field can say, in the words of this page. */
  readonly fix?: string;
}

interface NumberFieldsProps<Part> {
  /** Where the part stands in what is sent. */
  pointer: string;
  /** Each number, in the order of the page. */
  words: { readonly [Key in keyof Part]?: NumberWords };
  shape: { readonly [Key in keyof Part]-?: z.ZodType };
  texts: Texts<Part>;
  errors: Readonly<Record<string, string>>;
  onChange: (change: Partial<Texts<Part>>) => void;
  /** Fields that come first. */
  children?: ReactNode;
}

/** The numbers of a part, two in a row. */
export function NumberFields<Part>({
  pointer,
  words,
  shape,
  texts,
  errors,
  onChange,
  children,
}: NumberFieldsProps<Part>) {
  return (
    <div className="grid items-start gap-3 xs:grid-cols-2">
      {children}
      {Object.entries<NumberWords | undefined>(words).map(([name, said]) => {
        if (said === undefined) return null;
        const key = name as keyof Part;
        return (
          <NumberTextField
            key={name}
            {...said}
            field={numberField(shape[key] as Parameters<typeof numberField>[0])}
            value={texts[key]}
            onChange={(text) => onChange({ [key]: text } as Partial<Texts<Part>>)}
            error={errors[`${pointer}/${name}`]}
          />
        );
      })}
    </div>
  );
}

interface NumberTextFieldProps extends NumberWords {
  field: NumberField;
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
}

/** A whole number. Empty, it is the usual one, which stands in its place. */
export function NumberTextField({
  field,
  value,
  onChange,
  error,
  hint,
  fix,
  placeholder,
  label,
}: NumberTextFieldProps) {
  const usual = field.usual === undefined ? placeholder : `usually ${textOf(field.usual)}`;
  // The remedy is of what was refused. What is typed since is judged when it is sent.
  const [refused, setRefused] = useState({ error, value });
  if (refused.error !== error) setRefused({ error, value });
  return (
    <TextField
      label={label}
      inputMode="numeric"
      className="numbers"
      placeholder={usual}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      hint={hint}
      error={error === undefined ? undefined : (remedyOf(refused.value, field) ?? fix ?? error)}
    />
  );
}
