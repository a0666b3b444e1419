import { scopeSchema } from '@sluice/contracts';
import { z } from 'zod';

const scopes = z.array(scopeSchema).min(1).max(32).optional();

export const scopesSchema = z
  .strictObject({
    all: scopes.meta({ description: 'the caller needs each of them' }),
    any: scopes.meta({ description: 'the caller needs one of them' }),
  })
  .refine(({ all, any }) => all !== undefined || any !== undefined, 'write all, any or both');

export type ScopesSettings = z.infer<typeof scopesSchema>;
