// Who calls: developers, applications, subscriptions; their keys are in credentials.ts. The provider's side, below
// /v1/tenants/{tenant}/environments/{environment}, ids in the path:
//   GET /developers                GET DELETE /developers/{developer}
//   GET POST /applications         GET PATCH DELETE /applications/{application}
//   GET POST /applications/{application}/subscriptions                  GET PATCH DELETE /subscriptions/{subscription}
// The consumer's side, with a session of that person:
//   GET  /v1/portal/{tenant}                                  public: what is on offer
//   POST /v1/portal/{tenant}/quick-start                      application + subscription + key in one transaction
//   GET  /v1/portal/{tenant}/applications                     GET PATCH .../applications/{application}
//   GET  /v1/portal/{tenant}/applications/{application}/usage
//   GET  /v1/portal/{tenant}/delivery?position=N              how many live gateways have reached it
import { z } from 'zod';
import { subscriptionStates } from '../feed.js';
import { idSchema } from '../ids.js';
import { limitSchema } from '../limit.js';
import { objectNameSchema, slugSchema, titleSchema } from '../names.js';
import { credentialSchema, credentialWithKeySchema } from './credentials.js';
import { timeSchema } from './pages.js';

export const developerSchema = z
  .object({
    id: idSchema('developer'),
    email: z.email(),
    name: z.string(),
    applications: z.int(),
    createdAt: timeSchema,
  })
  .meta({ id: 'Developer' });

export const subscriptionSchema = z
  .object({
    id: idSchema('subscription'),
    applicationId: idSchema('application'),
    plan: objectNameSchema,
    state: z.enum(subscriptionStates),
    startedAt: timeSchema.nullable().meta({ description: 'when it first became active' }),
    createdAt: timeSchema,
  })
  .meta({ id: 'Subscription' });
export const subscriptionCreateSchema = z
  .strictObject({
    plan: objectNameSchema,
    state: z
      .enum(['pending', 'active'])
      .default('active')
      .meta({ description: 'pending: its keys are refused until somebody makes it active' }),
  })
  .meta({ id: 'SubscriptionCreate' });
export const subscriptionPatchSchema = z
  .strictObject({ plan: objectNameSchema.optional(), state: z.enum(subscriptionStates).optional() })
  .meta({ id: 'SubscriptionPatch' });

export const applicationSchema = z
  .object({
    id: idSchema('application'),
    title: titleSchema,
    developerId: idSchema('developer'),
    developerEmail: z.email(),
    createdAt: timeSchema,
  })
  .meta({ id: 'Application' });
/** Without `developerEmail` the application belongs to the member who creates it. */
export const applicationCreateSchema = z.strictObject({ title: titleSchema }).meta({ id: 'ApplicationCreate' });
export const applicationPatchSchema = z.strictObject({ title: titleSchema }).meta({ id: 'ApplicationPatch' });

export const portalPlanSchema = z
  .object({ name: objectNameSchema, title: titleSchema, apis: z.array(z.string()), limits: z.array(limitSchema) })
  .meta({ id: 'PortalPlan' });
export const portalApiSchema = z
  .object({
    name: slugSchema,
    title: titleSchema,
    version: z.string(),
    publicUrl: z.url(),
    keyHeader: z.string().nullable(),
    operations: z.array(z.object({ method: z.string(), path: z.string(), keyHeader: z.string().nullable() })).meta({
      description: 'paths to try, below publicUrl; each with the header of its key, or null when it takes none',
    }),
  })
  .meta({ id: 'PortalApi' });
export const portalSchema = z
  .object({
    tenant: z.object({ slug: slugSchema, title: titleSchema }),
    apis: z.array(portalApiSchema),
    plans: z.array(portalPlanSchema),
  })
  .meta({ id: 'Portal' });

export const quickStartBodySchema = z.strictObject({ plan: objectNameSchema }).meta({ id: 'QuickStart' });
export const portalSubscriptionSchema = subscriptionSchema
  .extend({ limits: z.array(limitSchema), apis: z.array(portalApiSchema), credentials: z.array(credentialSchema) })
  .meta({ id: 'PortalSubscription' });
export const portalApplicationSchema = applicationSchema
  .omit({ developerId: true, developerEmail: true })
  .extend({ subscriptions: z.array(portalSubscriptionSchema) })
  .meta({ id: 'PortalApplication' });
/** `credential` is null when the person already had an application on this plan: keys are never made unasked. */
export const quickStartSchema = z
  .object({ application: portalApplicationSchema, credential: credentialWithKeySchema.nullable() })
  .meta({ id: 'QuickStartResult' });

export const deliveryQuerySchema = z.object({ position: z.coerce.number().int().min(0) });
export const deliverySchema = z
  .object({ position: z.int(), liveGateways: z.int(), reached: z.int(), isDelivered: z.boolean() })
  .meta({ id: 'Delivery' });

export type Developer = z.infer<typeof developerSchema>;
export type Subscription = z.infer<typeof subscriptionSchema>;
export type Application = z.infer<typeof applicationSchema>;
export type Portal = z.infer<typeof portalSchema>;
export type PortalApi = z.infer<typeof portalApiSchema>;
export type PortalPlan = z.infer<typeof portalPlanSchema>;
export type PortalApplication = z.infer<typeof portalApplicationSchema>;
export type QuickStart = z.infer<typeof quickStartSchema>;
export type Delivery = z.infer<typeof deliverySchema>;
