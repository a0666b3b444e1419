// Tenants, their environments and members.
//   GET    /v1/me
//   POST   /v1/tenants                                    GET /v1/tenants
//   GET    PATCH DELETE /v1/tenants/{tenant}              {tenant} is the slug; deletion.ts says how one is deleted
//   GET    POST   /v1/tenants/{tenant}/environments       GET PATCH DELETE .../environments/{environment}   by name
//   GET    POST   /v1/tenants/{tenant}/members            PATCH DELETE .../members/{member}                by id
import { z } from 'zod';
import { idSchema } from '../ids.js';
import { mailAddressSchema } from '../mail-address.js';
import { slugSchema, titleSchema } from '../names.js';
import { tenantDeletionSchema } from './deletion.js';
import { timeSchema } from './pages.js';

export const roles = ['owner', 'admin', 'developer', 'viewer'] as const;
export const roleSchema = z.enum(roles).meta({ id: 'Role' });

export const tenantSchema = z
  .object({
    id: idSchema('tenant'),
    slug: slugSchema,
    title: titleSchema,
    createdAt: timeSchema,
    deletion: tenantDeletionSchema.nullable().meta({ description: 'null: it is not deleted' }),
  })
  .meta({ id: 'Tenant' });
export const tenantCreateSchema = z.strictObject({ slug: slugSchema, title: titleSchema }).meta({ id: 'TenantCreate' });
export const tenantPatchSchema = z.strictObject({ title: titleSchema }).meta({ id: 'TenantPatch' });

export const environmentNameSchema = z
  .string()
  .regex(
    /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,30}$/,
    'use 2 to 31 of a-z, 0-9 and single dashes, and begin with a letter',
  );
export const environmentSchema = z
  .object({
    id: idSchema('environment'),
    name: environmentNameSchema,
    hosts: z.array(z.string()),
    /** Where the gateways answer for this environment, without a slash at the end. */
    publicUrl: z.url(),
    /** Where the developer portal of the tenant is. */
    portalUrl: z.url(),
    live: z.object({ revision: z.int(), hash: z.string(), publishedAt: timeSchema }).nullable(),
    /** True when the draft differs from what is live. */
    hasUnpublishedChanges: z.boolean(),
    createdAt: timeSchema,
  })
  .meta({ id: 'Environment' });
export const environmentCreateSchema = z
  .strictObject({ name: environmentNameSchema })
  .meta({ id: 'EnvironmentCreate' });
export const environmentPatchSchema = z.strictObject({ name: environmentNameSchema }).meta({ id: 'EnvironmentPatch' });

export const memberSchema = z
  .object({
    id: idSchema('member'),
    email: z.email(),
    name: z.string().nullable(),
    role: roleSchema,
    state: z.enum(['invited', 'active']),
    createdAt: timeSchema,
  })
  .meta({ id: 'Member' });
/** Invites an address. The person becomes a member when they sign in with that address, verified; the answer never says whether they have an account. */
export const memberCreateSchema = z
  .strictObject({ email: mailAddressSchema, role: roleSchema })
  .meta({ id: 'MemberCreate' });
export const memberPatchSchema = z.strictObject({ role: roleSchema }).meta({ id: 'MemberPatch' });

export const meSchema = z
  .object({
    id: z.string(),
    email: z.email(),
    name: z.string(),
    memberships: z.array(
      z.object({
        tenant: slugSchema,
        title: titleSchema,
        role: roleSchema,
        purgeAt: timeSchema.nullable().meta({
          description: 'the tenant is deleted: nothing of it can be changed, and from then on it is gone for good',
        }),
      }),
    ),
  })
  .meta({ id: 'Me' });

export type Role = z.infer<typeof roleSchema>;
export type Tenant = z.infer<typeof tenantSchema>;
export type TenantCreate = z.infer<typeof tenantCreateSchema>;
export type Environment = z.infer<typeof environmentSchema>;
export type Member = z.infer<typeof memberSchema>;
export type Me = z.infer<typeof meSchema>;
