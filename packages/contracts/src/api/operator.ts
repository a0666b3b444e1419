// The operator of the platform: which tenants there are, what each may use at most, and whether it is served. The endpoints
// exist for operators alone (`OPERATORS` of control-api lists their addresses), signed in; no access token reaches them.
//   GET  /v1/operator/tenants                                   GET PATCH /v1/operator/tenants/{tenant}
//   GET  /v1/operator/platform-plans                            PUT /v1/operator/platform-plans/{platformPlan}
// What a tenant sees of its own:
//   GET  /v1/tenants/{tenant}/platform-plan
import { z } from 'zod';
import { idSchema } from '../ids.js';
import { objectNameSchema, slugSchema, titleSchema } from '../names.js';
import { tenantDeletionSchema } from './deletion.js';
import { timeSchema } from './pages.js';

/** What a platform plan bounds, counted over a whole tenant. */
export const boundedThings = ['environments', 'members', 'routes', 'credentials'] as const;

const bound = z.int().min(1).max(10_000_000).nullable().meta({ description: 'at most; null: no bound' });
export const platformBoundsSchema = z
  .strictObject({
    environments: bound,
    members: bound.meta({ description: 'at most, invitations among them; null: no bound' }),
    routes: bound.meta({ description: 'at most, of the drafts of all environments; null: no bound' }),
    credentials: bound.meta({ description: 'at most, those that are not revoked; null: no bound' }),
    requestsPerSecond: bound.optional().meta({
      description:
        'at most, of all hosts of the tenant, exact over all gateways of its fleet; left out or null: no bound',
    }),
    recordsPerDay: z.int().min(1).max(100_000_000_000).nullable().optional().meta({
      description:
        'requests that are served and recorded in a UTC day, at most, of all hosts of the tenant; left out or null: no bound',
    }),
  })
  .meta({ id: 'PlatformBounds' });
const count = z.int().min(0);
export const platformUseSchema = z
  .object({
    environments: count,
    members: count,
    routes: count,
    credentials: count,
    requestsPerSecond: count.nullable().meta({
      description:
        'of the requests that it may have at once, those taken at this moment; null: no bound, or nobody knows',
    }),
    recordsPerDay: count.nullable().meta({
      description:
        'of today in UTC, those that gateways have leased in advance among them; null: no bound, or nobody knows',
    }),
  })
  .meta({ id: 'PlatformUse' });

export const platformPlanSchema = z
  .object({ name: objectNameSchema, title: titleSchema, bounds: platformBoundsSchema })
  .meta({ id: 'PlatformPlan' });
export const platformPlanPutSchema = z
  .strictObject({ title: titleSchema, bounds: platformBoundsSchema })
  .meta({ id: 'PlatformPlanPut' });
export const platformPlansSchema = z.object({ items: z.array(platformPlanSchema) }).meta({ id: 'PlatformPlans' });
export const tenantPlatformPlanSchema = platformPlanSchema
  .extend({ use: platformUseSchema })
  .meta({ id: 'TenantPlatformPlan' });

export const operatedTenantSchema = z
  .object({
    id: idSchema('tenant'),
    slug: slugSchema,
    title: titleSchema,
    platformPlan: objectNameSchema,
    suspendedAt: timeSchema.nullable().meta({ description: 'null: it is not suspended' }),
    deletion: tenantDeletionSchema.nullable().meta({ description: 'null: it is not deleted' }),
    createdAt: timeSchema,
  })
  .meta({ id: 'OperatedTenant' });
export const operatedTenantWithUseSchema = operatedTenantSchema
  .extend({ use: platformUseSchema })
  .meta({ id: 'OperatedTenantWithUse' });
export const operatedTenantPatchSchema = z
  .strictObject({
    platformPlan: objectNameSchema.optional(),
    isSuspended: z
      .boolean()
      .optional()
      .meta({ description: 'true: gateways serve nothing of it, and its members can only read' }),
  })
  .meta({ id: 'OperatedTenantPatch' });

export type BoundedThing = (typeof boundedThings)[number];
export type PlatformBounds = z.infer<typeof platformBoundsSchema>;
export type PlatformUse = z.infer<typeof platformUseSchema>;
export type PlatformPlan = z.infer<typeof platformPlanSchema>;
export type PlatformPlans = z.infer<typeof platformPlansSchema>;
export type TenantPlatformPlan = z.infer<typeof tenantPlatformPlanSchema>;
export type OperatedTenant = z.infer<typeof operatedTenantSchema>;
export type OperatedTenantWithUse = z.infer<typeof operatedTenantWithUseSchema>;
export type OperatedTenantPatch = z.infer<typeof operatedTenantPatchSchema>;
