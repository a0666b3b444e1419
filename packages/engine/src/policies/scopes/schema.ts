import { z } from 'zod';

// RFC 6749, section 3.3.
const scope = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'write a scope: visible ASCII without quotes, 128 at most');
const scopes = z.array(scope).min(1).max(32).optional();

export const scopesSchema = z
  .strictObject({
    all: scopes.meta({ description: 'the caller needs each of them' }),
    any: scopes.meta({ description: 'the caller needs one of them' }),
  })
  .refine(({ all, any }) => all !== undefined || any !== undefined, 'write all, any or both');

export type ScopesSettings = z.infer<typeof scopesSchema>;
