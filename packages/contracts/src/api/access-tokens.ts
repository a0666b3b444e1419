// Tokens for programs, sent as `Authorization: Bearer <token>` in the place of a session: personal ones (`slp_...`) act for a
// person, those of service accounts (`sls_...`) for a tenant. A token may do what its holder's role allows at the time of
// the request, within the scope that it was given; it is shown once, and only its SHA-256 is kept.
//   GET DELETE /v1/token                                        the token of the request itself: what it may, and its end
//   GET POST   /v1/me/tokens                                    DELETE /v1/me/tokens/{personalToken}
//   GET POST   /v1/tenants/{tenant}/service-accounts            GET PATCH DELETE .../service-accounts/{account}
//   GET POST   .../service-accounts/{account}/tokens            DELETE .../service-accounts/{account}/tokens/{serviceToken}
import { z } from 'zod';
import { idSchema } from '../ids.js';
import { objectNameSchema, slugSchema, titleSchema } from '../names.js';
import { timeSchema } from './pages.js';
import { environmentNameSchema, roles, roleSchema } from './tenants.js';

/** An action of the permission table, such as `configuration.publish`. */
export const actionNameSchema = z
  .string()
  .regex(/^[a-z-]{1,40}\.[a-z-]{1,40}$/, 'write an action of the permission table')
  .meta({ examples: ['configuration.publish'] });

const scope = {
  actions: z
    .array(actionNameSchema)
    .nullable()
    .meta({ description: 'what it may be used for; null: all that its holder may' }),
  environments: z
    .array(environmentNameSchema)
    .nullable()
    .meta({ description: 'null: every environment, and what belongs to none' }),
} as const;
const kept = {
  hint: z.string().meta({ description: 'prefix and last four: all that is kept in clear', examples: ['slp_…9f2c'] }),
  createdAt: timeSchema,
  expiresAt: timeSchema,
  lastUsedAt: timeSchema.nullable().meta({ description: 'to the minute' }),
} as const;
const shown = z.string().meta({ description: 'the whole token: shown in this answer, and never again' });

const scopeAsked = {
  name: titleSchema,
  expiresInDays: z.int().min(1).max(366).default(90),
  actions: z
    .array(actionNameSchema)
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'left out: all that the holder may' }),
  environments: z
    .array(environmentNameSchema)
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'left out: every environment. With it, only what lies below these environments' }),
} as const;

export const personalTokenSchema = z
  .object({
    id: idSchema('personalToken'),
    name: titleSchema,
    tenant: slugSchema.nullable().meta({ description: 'null: every tenant of which its holder is a member' }),
    ...scope,
    ...kept,
  })
  .meta({ id: 'PersonalToken' });
export const personalTokenCreateSchema = z
  .strictObject({
    ...scopeAsked,
    tenant: slugSchema.optional().meta({ description: 'left out: every tenant of yours' }),
  })
  .refine(({ tenant, environments }) => environments === undefined || tenant !== undefined, {
    path: ['tenant'],
    message: 'name the tenant that the environments belong to',
  })
  .meta({ id: 'PersonalTokenCreate' });
export const personalTokenWithSecretSchema = personalTokenSchema
  .extend({ token: shown })
  .meta({ id: 'PersonalTokenWithSecret' });

/** What a service account can be: an owner is always a person. */
export const serviceRoleSchema = roleSchema.exclude(['owner']).meta({ id: 'ServiceRole' });
export const serviceAccountSchema = z
  .object({
    id: idSchema('serviceAccount'),
    name: objectNameSchema,
    role: serviceRoleSchema,
    createdAt: timeSchema,
  })
  .meta({ id: 'ServiceAccount' });
export const serviceAccountCreateSchema = z
  .strictObject({ name: objectNameSchema, role: serviceRoleSchema })
  .meta({ id: 'ServiceAccountCreate' });
export const serviceAccountPatchSchema = z
  .strictObject({ role: serviceRoleSchema })
  .meta({ id: 'ServiceAccountPatch' });

export const serviceTokenSchema = z
  .object({ id: idSchema('serviceToken'), name: titleSchema, ...scope, ...kept })
  .meta({ id: 'ServiceToken' });
export const serviceTokenCreateSchema = z.strictObject(scopeAsked).meta({ id: 'ServiceTokenCreate' });
export const serviceTokenWithSecretSchema = serviceTokenSchema
  .extend({ token: shown })
  .meta({ id: 'ServiceTokenWithSecret' });

/** What a program can ask about the token that it sends. */
export const presentedTokenSchema = z
  .object({
    kind: z.enum(['personal', 'service']),
    id: z.string(),
    name: titleSchema,
    hint: kept.hint,
    holder: z
      .object({ id: z.string(), name: z.string(), email: z.email().nullable() })
      .meta({ description: 'the person, or the service account, which has no address' }),
    tenant: slugSchema.nullable(),
    role: z.enum(roles).nullable().meta({ description: 'of the service account; a person has one in each tenant' }),
    ...scope,
    expiresAt: timeSchema,
  })
  .meta({ id: 'PresentedToken' });

export type PersonalToken = z.infer<typeof personalTokenSchema>;
export type PersonalTokenCreate = z.infer<typeof personalTokenCreateSchema>;
export type PersonalTokenWithSecret = z.infer<typeof personalTokenWithSecretSchema>;
export type ServiceRole = z.infer<typeof serviceRoleSchema>;
export type ServiceAccount = z.infer<typeof serviceAccountSchema>;
export type ServiceAccountCreate = z.infer<typeof serviceAccountCreateSchema>;
export type ServiceToken = z.infer<typeof serviceTokenSchema>;
export type ServiceTokenCreate = z.infer<typeof serviceTokenCreateSchema>;
export type ServiceTokenWithSecret = z.infer<typeof serviceTokenWithSecretSchema>;
export type PresentedToken = z.infer<typeof presentedTokenSchema>;
