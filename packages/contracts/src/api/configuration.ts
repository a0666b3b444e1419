// The draft of an environment, object by object, and what is published. Below /v1/tenants/{tenant}/environments/{environment}:
//   GET POST /upstreams            GET PUT DELETE /upstreams/{upstream}          by name
//   GET POST /apis                 GET PATCH DELETE /apis/{api}
//   GET POST /apis/{api}/routes    GET PUT DELETE /apis/{api}/routes/{route}
//   GET PUT  /apis/{api}/routes/{route}/weights       runtime state: takes effect at once, without publishing
//   GET POST /plans                GET PUT DELETE /plans/{plan}
//   GET      /document             the draft as one document
//   POST     /publish?wait=applied GET /revisions  GET /revisions/{number}
//   POST     /first-run            from nothing to a public URL and a test key, in one transaction
// Every single object answers with an ETag; PUT, PATCH and DELETE take If-Match, and 412 `precondition_failed` is the answer to a stale one.
import { z } from 'zod';
import {
  apiSpecSchema,
  planSpecSchema,
  routeSpecSchema,
  unnamedRouteSpecSchema,
  versioningSchema,
  weightBpsSchema,
  documentSchema,
} from '../document.js';
import { receiptSchema } from '../feed.js';
import { idSchema } from '../ids.js';
import { objectNameSchema, slugSchema, titleSchema } from '../names.js';
import { tagsSchema } from '../tags.js';
import { refuseUpstream, targetUrlSchema, upstreamSpecSchema } from '../upstream-spec.js';
import { timeSchema } from './pages.js';

const stamps = { createdAt: timeSchema, updatedAt: timeSchema };

export const upstreamSchema = z
  .object({ id: idSchema('upstream'), name: objectNameSchema, ...upstreamSpecSchema.shape, ...stamps })
  .meta({ id: 'Upstream' });
export const upstreamCreateSchema = z
  .strictObject({ name: objectNameSchema, ...upstreamSpecSchema.shape })
  .superRefine(refuseUpstream)
  .meta({ id: 'UpstreamCreate' });
export const upstreamPutSchema = z
  .strictObject(upstreamSpecSchema.shape)
  .superRefine(refuseUpstream)
  .meta({ id: 'UpstreamPut' });

const { title, version, versioning, policies, tags } = apiSpecSchema.shape;
export const apiSchema = z
  .object({
    id: idSchema('api'),
    name: slugSchema,
    title,
    version: z.string(),
    versioning: versioningSchema.nullable(),
    policies: policies
      .unwrap()
      .meta({ description: 'of every route; a route that names the same policy has its own instead' }),
    tags,
    routes: z.int().meta({ description: 'how many' }),
    ...stamps,
  })
  .meta({ id: 'Api' });
export const apiCreateSchema = z
  .strictObject({ name: slugSchema, title, version, versioning, policies, tags })
  .meta({ id: 'ApiCreate' });
export const apiPatchSchema = z
  .strictObject({
    title: title.optional(),
    version: version.unwrap().optional(),
    versioning: versioningSchema.nullable().optional().meta({ description: 'null: no longer told apart by version' }),
    policies,
    tags: tagsSchema.nullable().optional().meta({ description: 'null: none any more' }),
  })
  .meta({ id: 'ApiPatch' });

export const routeSchema = z
  .object({ id: idSchema('route'), ...routeSpecSchema.shape, ...stamps })
  .meta({ id: 'Route' });
export const routeCreateSchema = routeSpecSchema.clone().meta({ id: 'RouteCreate' });
export const routePutSchema = unnamedRouteSpecSchema.meta({ id: 'RoutePut' });

/** `weights` holds every arm of the live split, in basis points that sum to 10000. Version 0: nobody has set them; they are the document's. */
export const weightsSchema = z
  .object({
    route: z.string(),
    version: z.int(),
    weights: z.record(z.string(), weightBpsSchema),
    setBy: z.string().nullable(),
    setAt: timeSchema.nullable(),
    position: z.int().nullable().meta({ description: 'of the feed: see /v1/portal/{tenant}/delivery' }),
  })
  .meta({ id: 'Weights' });
export const weightsPutSchema = z
  .strictObject({ weights: z.record(objectNameSchema, weightBpsSchema) })
  .meta({ id: 'WeightsPut' });

export const planSchema = z
  .object({ id: idSchema('plan'), name: objectNameSchema, ...planSpecSchema.shape, ...stamps })
  .meta({ id: 'Plan' });
export const planCreateSchema = z
  .strictObject({ name: objectNameSchema, ...planSpecSchema.shape })
  .meta({ id: 'PlanCreate' });
export const planPutSchema = z.strictObject(planSpecSchema.shape).meta({ id: 'PlanPut' });

export const publishBodySchema = z.strictObject({ comment: z.string().max(500).default('') }).meta({ id: 'Publish' });
export const publishQuerySchema = z.object({
  wait: z
    .enum(['applied', 'no'])
    .default('no')
    .meta({ description: '`applied`: answer when every live gateway has sent its receipt, at most 10 s later' }),
});

export const gatewayReceiptSchema = receiptSchema
  .pick({ state: true, refusals: true })
  .extend({ gatewayId: z.string(), at: timeSchema })
  .meta({ id: 'GatewayReceipt' });
export const revisionSchema = z
  .object({
    id: idSchema('revision'),
    number: z.int(),
    hash: z.string(),
    comment: z.string(),
    author: z.string(),
    createdAt: timeSchema,
    receipts: z.array(gatewayReceiptSchema),
    liveGateways: z.int().meta({ description: 'gateways of the fleet heard of in the last 15 s' }),
    awaited: z.array(z.string()).meta({
      description: 'ids of those among them that have sent no receipt for it; none, when another revision is live',
    }),
  })
  .meta({ id: 'Revision' });
export const revisionWithDocumentSchema = revisionSchema
  .extend({ document: documentSchema })
  .meta({ id: 'RevisionWithDocument' });

export const firstRunBodySchema = z
  .strictObject({
    name: slugSchema.meta({ description: "the API's name; it becomes the first segment of its path" }),
    title: titleSchema,
    upstreamUrl: z
      .union([targetUrlSchema, z.literal('demo')])
      .meta({ description: '`demo`: the upstream that the platform brings along, in two versions' }),
  })
  .meta({ id: 'FirstRun' });
export const firstRunSchema = z
  .object({
    api: apiSchema,
    revision: revisionSchema,
    publicUrl: z.url().meta({ description: 'of the API, its path included' }),
    testPath: z.string().meta({ description: 'a path to try, below publicUrl' }),
    key: z.string().meta({ description: 'a key of a test application; shown this once' }),
    keyHeader: z.string(),
    position: z.int(),
  })
  .meta({ id: 'FirstRunResult' });

export type Upstream = z.infer<typeof upstreamSchema>;
export type Api = z.infer<typeof apiSchema>;
export type Route = z.infer<typeof routeSchema>;
export type Weights = z.infer<typeof weightsSchema>;
export type Plan = z.infer<typeof planSchema>;
export type Revision = z.infer<typeof revisionSchema>;
export type GatewayReceipt = z.infer<typeof gatewayReceiptSchema>;
export type FirstRunBody = z.infer<typeof firstRunBodySchema>;
export type FirstRun = z.infer<typeof firstRunSchema>;
