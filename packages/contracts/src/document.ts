// The configuration document: one environment's upstreams, APIs with routes, and plans. The same schema
// checks it in the API, the portal and the gateway. Names, not ids, tie its parts together, so a document dumped here and
// applied elsewhere has the same hash. It holds no secret: where one belongs it refers to it (`secret.ts`).
import { z } from 'zod';
import { limitSchema } from './limit.js';
import { objectNameSchema, titleSchema } from './names.js';
import { tagsSchema } from './tags.js';
import { upstreamSpecSchema } from './upstream-spec.js';

const pathText = z
  .string()
  .max(1024)
  .regex(/^\/[^\s?#\\]*$/, 'begin with / and leave out spaces, ?, # and \\');

const fieldValue = z.string().min(1).max(512);
const predicateFields = {
  exact: fieldValue.optional().meta({ description: 'the whole value, byte by byte' }),
  regex: fieldValue.optional().meta({ description: 'RE2 syntax; must match the whole value' }),
  present: z.boolean().optional().meta({ description: 'true: there, whatever its value; false: absent' }),
};
const oneOf = 'write exactly one of exact, regex, present';
const hasOne = (predicate: { exact?: unknown; regex?: unknown; present?: unknown }): boolean =>
  [predicate.exact, predicate.regex, predicate.present].filter((part) => part !== undefined).length === 1;

export const headerNameSchema = z.string().regex(/^[a-z0-9!#$%&'*+.^`|~-]{1,64}$/, 'write a header name in lower case');

export const matchSchema = z
  .strictObject({
    hosts: z
      .array(
        z
          .string()
          .max(253)
          .regex(/^(?:\*\.)?[a-z0-9.-]+$/, 'write a host name in lower case, or *. before one'),
      )
      .min(1)
      .max(32)
      .optional()
      .meta({ description: 'without it: every host of the environment. `*.example.com` is any name below it' }),
    path: z.union(
      [
        z.strictObject({ exact: pathText }),
        z.strictObject({
          prefix: pathText.meta({ description: 'whole segments: /users matches /users and /users/7, not /users2' }),
        }),
        z.strictObject({
          rawPrefix: pathText.meta({ description: 'bytes: /users matches /users2 as well' }),
        }),
        z.strictObject({
          template: pathText.meta({
            description: '{name} stands for one segment, {name...} at the end for the rest: /users/{id}/orders',
          }),
        }),
        z.strictObject({
          regex: z.string().min(1).max(1024).meta({ description: 'RE2 syntax; must match the whole path' }),
        }),
      ],
      'write one of { exact }, { prefix }, { rawPrefix }, { template }, { regex }',
    ),
    methods: z
      .array(z.string().regex(/^[A-Z]{3,16}$/, 'write a method in capitals'))
      .min(1)
      .max(16)
      .optional(),
    headers: z
      .array(z.strictObject({ name: headerNameSchema, ...predicateFields }).refine(hasOne, oneOf))
      .max(16)
      .optional(),
    query: z
      .array(z.strictObject({ name: z.string().min(1).max(128), ...predicateFields }).refine(hasOne, oneOf))
      .max(16)
      .optional(),
    priority: z
      .int()
      .min(-1000)
      .max(1000)
      .optional()
      .meta({ description: 'the higher one wins, before what is more specific; 0 without it' }),
  })
  .meta({ id: 'Match' });

/** One policy by its name, with its settings. What each takes is the engine's knowledge: it lists and checks them. */
export const policySchema = z
  .record(
    z.string().regex(/^[a-z][a-z-]{0,39}$/, "write a policy's name: letters in lower case and dashes"),
    z.unknown(),
  )
  .refine((policy) => Object.keys(policy).length === 1, 'write one policy to each entry of the list')
  .meta({ id: 'Policy' });

export const weightBpsSchema = z.int().min(0).max(10_000).meta({ description: 'basis points: 10000 is everything' });

export const armSchema = z
  .strictObject({ name: objectNameSchema, upstream: objectNameSchema, weight: weightBpsSchema })
  .meta({ id: 'Arm' });

const stickySchema = z
  .union([
    z.enum(['none', 'application', 'ip', 'cookie']),
    z.templateLiteral(['header:', z.string().regex(/^[a-z0-9-]{1,64}$/)]),
  ])
  .meta({
    description: 'who stays with an arm; `header:x-user` by the value of a header, `none` decides each request anew',
  });

export const splitSchema = z
  .strictObject({
    sticky: stickySchema.default('none'),
    arms: z
      .array(armSchema)
      .min(1)
      .max(16)
      .refine((arms) => sumsToWhole(arms.map((arm) => arm.weight)), 'make the weights sum to 10000')
      .refine((arms) => new Set(arms.map((arm) => arm.name)).size === arms.length, 'give each arm a name of its own'),
  })
  .meta({ id: 'Split' });

export const redirectSchema = z
  .strictObject({
    to: z.string().min(1).max(2048).meta({
      description: 'an absolute URL or a path; {name} of the template, {path}, {host} and {query} are filled in',
    }),
    status: z
      .union(
        [z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)],
        'write 301, 302, 303, 307 or 308',
      )
      .default(302),
  })
  .meta({ id: 'Redirect' });

export const staticAnswerSchema = z
  .strictObject({
    status: z.int().min(200).max(599).default(200),
    contentType: z
      .string()
      .max(128)
      // It is written into the answer's head as it is.
      .regex(
        /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: ?;[\x20-\x7e]*[\x21-\x7e])?$/,
        'write a media type, such as text/plain; charset=utf-8',
      )
      .default('text/plain; charset=utf-8'),
    body: z.string().max(65_536).default(''),
  })
  .meta({ id: 'StaticAnswer' });

export const costSchema = z
  .union(
    [
      z.int().min(0).max(100_000),
      z.strictObject({
        max: z.int().min(1).max(100_000).meta({ description: 'reserved before the request is sent' }),
        header: headerNameSchema.meta({
          description: "of the upstream's answer: says what it did cost; the rest is refunded",
        }),
      }),
    ],
    'write a number of units, or { max, header }',
  )
  .meta({ id: 'Cost', description: 'units that a request takes of each of its limits; 1 without it' });

const endings = ['split', 'redirect', 'answer'] as const;

const routeSpecShape = {
  name: objectNameSchema,
  match: matchSchema,
  strip: pathText.optional().meta({ description: 'a prefix to take off before the request goes upstream' }),
  rewrite: pathText.optional().meta({
    description:
      'the path that goes upstream: {name} of the template, and {rest} for what follows the prefix, are filled in',
  }),
  cost: costSchema.optional(),
  policies: z.array(policySchema).max(32).default([]),
  split: splitSchema.optional(),
  redirect: redirectSchema.optional(),
  answer: staticAnswerSchema.optional(),
  tags: tagsSchema.optional(),
};

function refuseEndings(
  route: { split?: unknown; redirect?: unknown; answer?: unknown; strip?: unknown; rewrite?: unknown },
  context: z.RefinementCtx,
): void {
  const named = endings.filter((ending) => route[ending] !== undefined);
  if (named.length !== 1)
    context.addIssue({
      code: 'custom',
      path: named.slice(1, 2),
      message: 'write exactly one of split (to upstreams), redirect, answer',
    });
  if (route.strip !== undefined && route.rewrite !== undefined)
    context.addIssue({ code: 'custom', path: ['rewrite'], message: 'write strip or rewrite, not both' });
}

export const routeSpecSchema = z.strictObject(routeSpecShape).superRefine(refuseEndings).meta({ id: 'RouteSpec' });
/** What a route says beside its name. */
const { name: _name, ...unnamedRouteShape } = routeSpecShape;
export const unnamedRouteSpecSchema = z.strictObject(unnamedRouteShape).superRefine(refuseEndings);

/** Where clients say which version of an API they want. Two APIs of one path differ by it. */
export const versioningSchema = z
  .strictObject({
    by: z.enum(['path', 'host', 'header', 'media-type']).meta({
      description:
        '`path`: /v2 before every path; `host`: v2. before the host; `header`: its value; `media-type`: Accept: application/vnd.<name>.v2+json, or ;version=v2',
    }),
    header: headerNameSchema.optional().meta({ description: 'by header: its name, x-api-version without it' }),
    isDefault: z
      .boolean()
      .optional()
      .meta({ description: 'by header or media type: also takes requests that name no version' }),
  })
  .meta({ id: 'Versioning' });

export const apiSpecSchema = z
  .strictObject({
    title: titleSchema,
    version: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'write letters, digits, dots and dashes, 40 at most')
      .default('v1'),
    versioning: versioningSchema.optional(),
    policies: z
      .array(policySchema)
      .max(32)
      .optional()
      .meta({ description: 'of every route; a route that names the same policy has its own instead' }),
    tags: tagsSchema.optional().meta({ description: 'of its routes too' }),
    routes: z.array(routeSpecSchema).max(2000),
  })
  .meta({ id: 'ApiSpec' });

export const planSpecSchema = z
  .strictObject({
    title: titleSchema,
    apis: z.array(objectNameSchema).max(200).superRefine(refuseRepeated),
    limits: z.array(limitSchema).max(8),
    tags: tagsSchema.optional(),
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

export type Match = z.infer<typeof matchSchema>;
export type Policy = z.infer<typeof policySchema>;
export type Arm = z.infer<typeof armSchema>;
export type Split = z.infer<typeof splitSchema>;
export type RouteSpec = z.infer<typeof routeSpecSchema>;
export type ApiSpec = z.infer<typeof apiSpecSchema>;
export type Redirect = z.infer<typeof redirectSchema>;
export type StaticAnswer = z.infer<typeof staticAnswerSchema>;
export type Cost = z.infer<typeof costSchema>;
export type Versioning = z.infer<typeof versioningSchema>;
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
