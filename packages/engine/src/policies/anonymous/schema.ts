import { z } from 'zod';

const names = z.array(z.string().min(1).max(128)).max(64).default([]);

export const anonymousSchema = z.strictObject({
  subject: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, 'write visible ASCII characters, 128 at most')
    .default('anonymous')
    .meta({ description: 'whom such callers go on as' }),
  groups: names.meta({ description: 'for the policy acl' }),
  scopes: names.meta({ description: 'for the policy scopes' }),
});

export type AnonymousSettings = z.infer<typeof anonymousSchema>;
