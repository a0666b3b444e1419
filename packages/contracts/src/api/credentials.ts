// Keys of subscriptions, and what becomes of them. The provider's side, below /v1/tenants/{tenant}/environments/{environment}:
//   GET POST /subscriptions/{subscription}/credentials            POST /subscriptions/{subscription}/credentials/import
//   GET PATCH DELETE /credentials/{credential}   DELETE revokes   POST /credentials/{credential}/rotate
//   POST /credentials/revoke     POST /subscriptions/{subscription}/credentials/revoke     the same below /applications/{application}
// The consumer's side, below /v1/portal/{tenant}:
//   POST /subscriptions/{subscription}/credentials                POST /subscriptions/{subscription}/try-credential
//   DELETE /credentials/{credential}                              POST /credentials/{credential}/rotate
import { z } from 'zod';
import { idSchema } from '../ids.js';
import { titleSchema } from '../names.js';
import { timeSchema } from './pages.js';

/** RFC 6749, section 3.3. */
export const scopeSchema = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'write a scope: visible ASCII without quotes, 128 at most');

const scopes = z
  .array(scopeSchema)
  .max(32)
  .meta({
    description: 'what the policy `scopes` of a route may ask for',
    examples: [['orders:read']],
  });
const expiresAt = timeSchema.meta({
  description: 'UTC; gateways refuse the key from then on, also when they are cut off',
});

export const credentialSchema = z
  .object({
    id: idSchema('credential'),
    name: titleSchema,
    hint: z.string().meta({ description: 'prefix and last four: all that is kept in clear', examples: ['slc_…9f2c'] }),
    state: z.enum(['active', 'expired', 'revoked']),
    scopes,
    expiresAt: timeSchema.nullable().meta({ description: 'null: never' }),
    createdAt: timeSchema,
    revokedAt: timeSchema.nullable(),
    lastUsedAt: timeSchema.nullable().optional().meta({
      description:
        'start of the newest recorded request with it, refused ones too. Null: none. Left out: not known now',
    }),
  })
  .meta({ id: 'Credential' });

export const credentialCreateSchema = z
  .strictObject({ name: titleSchema, scopes: scopes.optional(), expiresAt: expiresAt.optional() })
  .meta({ id: 'CredentialCreate' });

export const credentialPatchSchema = z
  .strictObject({ name: titleSchema.optional(), scopes: scopes.optional(), expiresAt: expiresAt.nullable().optional() })
  .meta({ id: 'CredentialPatch' });

/** The answer to a creation: the only time that `key` is shown. */
export const credentialWithKeySchema = credentialSchema
  .extend({ key: z.string(), position: z.int() })
  .meta({ id: 'CredentialWithKey' });

/** By the consumer: scopes are the provider's to give. */
export const ownCredentialCreateSchema = credentialCreateSchema
  .omit({ scopes: true })
  .meta({ id: 'OwnCredentialCreate' });

export const mostOverlapMs = 90 * 86_400_000;
export const rotationBodySchema = z
  .strictObject({
    name: titleSchema.optional().meta({ description: 'of the new key; left out: that of the old one' }),
    overlapMs: z
      .int()
      .min(0)
      .max(mostOverlapMs)
      .default(86_400_000)
      .meta({ description: 'how long the old key goes on; 0: it is revoked at once' }),
    expiresAt: expiresAt.optional(),
  })
  .meta({ id: 'Rotation' });

/** The new key, shown once, and what became of the old one. */
export const rotatedCredentialSchema = credentialWithKeySchema
  .extend({ former: credentialSchema })
  .meta({ id: 'RotatedCredential' });

export const mostAtOnce = 1000;
export const revocationBodySchema = z
  .strictObject({ credentials: z.array(idSchema('credential')).min(1).max(mostAtOnce) })
  .meta({ id: 'Revocation' });
/** `revoked` counts those that were not revoked before. */
export const revocationSchema = z.object({ revoked: z.int(), position: z.int() }).meta({ id: 'RevocationResult' });

export const importedKeySchema = z.strictObject({
  name: titleSchema,
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'write the SHA-256 of the whole key in 64 lower-case hex digits')
    .meta({ description: 'SHA-256 of the whole key, in hex' }),
  hint: z
    .string()
    .regex(/^[\x21-\x7e]{1,12}$/, 'write 1 to 12 visible ASCII characters')
    .optional()
    .meta({ description: 'by which people tell the key, such as its last four; it is kept in clear' }),
  scopes: scopes.optional(),
  expiresAt: expiresAt.optional(),
});
export const importBodySchema = z
  .strictObject({ credentials: z.array(importedKeySchema).min(1).max(mostAtOnce) })
  .meta({ id: 'CredentialImport' });
export const importSchema = z
  .object({ credentials: z.array(credentialSchema), position: z.int() })
  .meta({ id: 'CredentialImportResult' });

export const tryCredentialBodySchema = z.strictObject({}).meta({ id: 'TryCredentialCreate' });
/** Lives for minutes, counts against the same limits, and stands in no list. Its requests are recorded under its id: `try_...`. */
export const tryCredentialSchema = z
  .object({ id: idSchema('tryCredential'), key: z.string(), expiresAt: timeSchema, position: z.int() })
  .meta({ id: 'TryCredential' });

export type Credential = z.infer<typeof credentialSchema>;
export type CredentialWithKey = z.infer<typeof credentialWithKeySchema>;
export type CredentialCreate = z.infer<typeof credentialCreateSchema>;
export type CredentialPatch = z.infer<typeof credentialPatchSchema>;
export type Rotation = z.infer<typeof rotationBodySchema>;
export type RotatedCredential = z.infer<typeof rotatedCredentialSchema>;
export type Revocation = z.infer<typeof revocationSchema>;
export type ImportedKey = z.infer<typeof importedKeySchema>;
export type CredentialImport = z.infer<typeof importSchema>;
export type TryCredential = z.infer<typeof tryCredentialSchema>;
