// Numbers as a form holds them: texts, of which an empty one says nothing. What is not said is what goes
// without saying, so the form shows that in its place, and sends nothing.
import type { z } from 'zod';

export type Texts<Part> = { readonly [Key in keyof Part]-?: string };

/** A number of a schema, behind its `optional` or its `default`. */
type Wrapped = z.ZodOptional<z.ZodNumber> | z.ZodDefault<z.ZodNumber>;

export interface NumberField {
  readonly least: number;
  readonly most: number;
  /** What goes without saying; undefined: nothing does. */
  readonly usual: number | undefined;
}

export function numberField(schema: Wrapped): NumberField {
  const { minValue, maxValue } = schema.unwrap();
  return {
    least: minValue ?? Number.MIN_SAFE_INTEGER,
    most: maxValue ?? Number.MAX_SAFE_INTEGER,
    usual: schema.parse(undefined),
  };
}

/** With commas between thousands: 300,000. */
export function textOf(value: number | undefined): string {
  return value === undefined ? '' : value.toLocaleString('en');
}

/** As texts, one for each of `keys`. */
export function textsOf<Part extends object>(keys: readonly (keyof Part)[], part: Part | undefined): Texts<Part> {
  const texts = keys.map((key) => [key, textOf(part?.[key] as number | undefined)]);
  return Object.fromEntries(texts) as Texts<Part>;
}

/** Undefined: the text says nothing. NaN: it is no number. */
export function readNumber(text: string): number | undefined {
  const bare = text.trim();
  // 1,024 as people write it, and not 1,5, which somebody may mean as less than two.
  const digits = /^\d{1,3}(,\d{3})+$/.test(bare) ? bare.replaceAll(',', '') : bare;
  return bare === '' ? undefined : Number(digits);
}

/** A text that is no number becomes one that every schema refuses, at its own pointer. */
export function said<Key extends PropertyKey>(key: Key, text: string): { readonly [_ in Key]?: number } {
  const value = readNumber(text);
  return value === undefined ? {} : ({ [key]: value } as { [_ in Key]?: number });
}

export function numbersOf<Part>(texts: Texts<Part>): { readonly [Key in keyof Part]?: number } {
  const parts = Object.entries<string>(texts).map(([key, text]) => said(key, text));
  return Object.assign({}, ...parts) as { readonly [Key in keyof Part]?: number };
}

export function isSaid(texts: Readonly<Record<string, string>>): boolean {
  return Object.values(texts).some((text) => text.trim() !== '');
}

export function isUsual(text: string, { usual }: NumberField): boolean {
  const value = readNumber(text);
  return value === undefined || value === usual;
}

/** What a text that this field cannot take must become; undefined when it can. */
export function remedyOf(text: string, { least, most }: NumberField): string | undefined {
  const value = readNumber(text);
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return undefined;
  return `Write a whole number from ${textOf(least)} to ${textOf(most)}, or nothing.`;
}
