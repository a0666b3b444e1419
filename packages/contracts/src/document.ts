// The configuration document: one environment's upstreams, APIs with routes, and plans. The same schema
// checks it in the API, the portal and the gateway. Names, not ids, tie its parts together, and it holds
// no secret, so a document dumped here and applied elsewhere has the same hash.
import { z } from 'zod';
import { limitSchema } from './limit.js';
import { objectNameSchema, titleSchema } from './names.js';

export const targetUrlSchema = z
  .string()
  .max(2048)
  .refine(isTargetUrl, 'write an http:// or https:// URL with a host, without user, query or fragment')
  .meta({ examples: ['http://users-api:3000'] });

export const upstreamSpecSchema = z
  .strictObject({
    targets: z
      .array(z.strictObject({ url: targetUrlSchema, weight: z.int().min(1).max(1000).default(1) }))
      .min(1)
      .max(64),
    timeoutMs: z
      .int()
      .min(1)
      .max(600_000)
      .default(30_000)
      .meta({ description: 'from sending the request to the first byte of the answer' }),
  })
  .meta({ id: 'UpstreamSpec' });

const pathText = z
  .string()
  .max(1024)
  .regex(/^\/[^\s?#\\]*$/, 'begin with / and leave out spaces, ?, # and \\');

export const matchSchema = z
  .strictObject({
    hosts: z
      .array(z.string().regex(/^[a-z0-9.-]{1,253}$/, 'write a host name in lower case'))
      .max(32)
      .optional(),
    path: z.union([
      z.strictObject({ exact: pathText }),
      z.strictObject({
        prefix: pathText.meta({ description: 'whole segments: /users matches /users and /users/7, not /users2' }),
      }),
    ]),
    methods: z
      .array(z.string().regex(/^[A-Z]{3,16}$/, 'write a method in capitals'))
      .min(1)
      .max(16)
      .optional(),
  })
  .meta({ id: 'Match' });

export const policySchema = z
  .strictObject({
    'api-key': z.strictObject({
      header: z
        .string()
        .regex(/^[a-z0-9-]{1,64}$/, 'write a header name in lower case')
        .default('x-api-key'),
    }),
  })
  .meta({ id: 'Policy' });

export const weightBpsSchema = z.int().min(0).max(10_000).meta({ description: 'basis points: 10000 is everything' });

export const armSchema = z
  .strictObject({ name: objectNameSchema, upstream: objectNameSchema, weight: weightBpsSchema })
  .meta({ id: 'Arm' });

export const splitSchema = z
  .strictObject({
    sticky: z.enum(['none', 'application', 'ip']).default('none'),
    arms: z
      .array(armSchema)
      .min(1)
      .max(16)
      .refine((arms) => sumsToWhole(arms.map((arm) => arm.weight)), 'make the weights sum to 10000')
      .refine((arms) => new Set(arms.map((arm) => arm.name)).size === arms.length, 'give each arm a name of its own'),
  })
  .meta({ id: 'Split' });

export const routeSpecSchema = z
  .strictObject({
    name: objectNameSchema,
    match: matchSchema,
    strip: pathText.optional().meta({ description: 'a prefix to take off before the request goes upstream' }),
    policies: z.array(policySchema).max(32).default([]),
    split: splitSchema,
  })
  .meta({ id: 'RouteSpec' });

export const apiSpecSchema = z
  .strictObject({
    title: titleSchema,
    version: z.string().min(1).max(40).default('v1'),
    routes: z.array(routeSpecSchema).max(2000),
  })
  .meta({ id: 'ApiSpec' });

export const planSpecSchema = z
  .strictObject({
    title: titleSchema,
    apis: z.array(objectNameSchema).max(200).superRefine(refuseRepeated),
    limits: z.array(limitSchema).max(8),
  })
  .meta({ id: 'PlanSpec' });

export const documentSchema = z
  .strictObject({
    sluice: z.literal(1),
    upstreams: z.record(objectNameSchema, upstreamSpecSchema),
    apis: z.record(objectNameSchema, apiSpecSchema),
    plans: z.record(objectNameSchema, planSpecSchema),
  })
  .meta({ id: 'Document' });

export type UpstreamSpec = z.infer<typeof upstreamSpecSchema>;
export type Match = z.infer<typeof matchSchema>;
export type Policy = z.infer<typeof policySchema>;
export type Arm = z.infer<typeof armSchema>;
export type Split = z.infer<typeof splitSchema>;
export type RouteSpec = z.infer<typeof routeSpecSchema>;
export type ApiSpec = z.infer<typeof apiSpecSchema>;
export type PlanSpec = z.infer<typeof planSpecSchema>;
export type Document = z.infer<typeof documentSchema>;

function refuseRepeated(names: readonly string[], context: z.RefinementCtx): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index)
      context.addIssue({ code: 'custom', path: [index], message: `name "${name}" once` });
  }
}

/** Names a route within its environment: what weights and records refer to. */
export function routeKey(api: string, route: string): string {
  return `${api}/${route}`;
}

/** True when the basis points make a whole. */
export function sumsToWhole(weightsBps: readonly number[]): boolean {
  return weightsBps.reduce((sum, weight) => sum + weight, 0) === 10_000;
}

function isTargetUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.hostname !== '' &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  );
}
