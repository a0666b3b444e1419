// Secrets by reference. A document never holds a secret: where one belongs it says `secret:<name>`, and the value is kept,
// sealed, by the control plane, once for each environment. So documents, revisions and their hashes are the same wherever they
// are applied, and can be shown to everybody who may read the configuration.
import { z } from 'zod';
import { objectNameSchema } from './names.js';

const prefix = 'secret:';

export const secretNameSchema = objectNameSchema.meta({
  description: 'what documents refer to it by: `secret:<name>`',
  examples: ['orders-hmac'],
});

/** The value of a secret. A setting may take less. */
export const secretValueSchema = z
  .string()
  .min(1, 'write at least 1 character')
  .max(16_384, 'write at most 16384 characters');

/** Undefined: the text is no reference. */
export function secretNameOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || !text.startsWith(prefix)) return undefined;
  return secretNameSchema.safeParse(text.slice(prefix.length)).data;
}

/** A setting that holds a secret: a reference to it, or (for gateways, to which it comes that way) the value itself. */
export function secretTextSchema(mostCharacters: number) {
  return z
    .string()
    .min(1)
    .max(mostCharacters)
    .refine(
      (text) => !text.startsWith(prefix) || secretNameOf(text) !== undefined,
      'write secret: and the name of a secret, 1 to 64 of a-z, 0-9, dot, dash and underscore',
    );
}
