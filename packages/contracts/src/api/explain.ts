// What would be decided of a request that was never sent, and why.
//   POST /v1/tenants/{tenant}/environments/{environment}/explain       members, in full, on what is live or on the draft
//   POST /v1/portal/{tenant}/applications/{application}/explain        a consumer, of an own application, redacted
// Nothing is sent and nothing is taken from any limit. What only a gateway could find out (whether a signature holds, what
// an authentication service says) is taken for good, and named under `undecidable`.
import { z } from 'zod';
import { idSchema } from '../ids.js';
import { problemCodes } from '../problems.js';
import { timeSchema } from './pages.js';

const headersSchema = z
  .record(
    z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, 'write a header name'),
    z
      .string()
      .max(16_384)
      .regex(/^(?:\P{Cc}|\t)*$/u, 'leave out line breaks and control characters: no gateway takes them'),
  )
  .refine((headers) => Object.keys(headers).length <= 100, 'write at most 100 headers');

const requestFields = {
  method: z
    .string()
    .regex(/^[A-Z]{3,16}$/, 'write a method in capitals')
    .default('GET'),
  url: z
    .string()
    .max(8192)
    .regex(
      /^https?:\/\/[^/?#\s]+(?:[/?][^#\s]*)?$/,
      'write the whole URL, such as https://acme.example.com/orders?page=2',
    )
    .meta({ description: 'with the host that the client would use' }),
  headers: headersSchema.default({}),
  clientAddress: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .meta({ description: 'without it a documentation address (192.0.2.1), and the answer says so' }),
};

export const explainBodySchema = z
  .strictObject({
    on: z.enum(['live', 'draft']).default('live'),
    ...requestFields,
    credential: idSchema('credential')
      .optional()
      .meta({ description: 'in the place of an API key, wherever the route asks for one' }),
    claims: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'of a token that is taken for well signed, wherever the route asks for one' }),
    forwardAuth: z
      .strictObject({ status: z.int().min(100).max(599), headers: headersSchema.default({}) })
      .optional()
      .meta({ description: 'what the authentication service is taken to answer; 200 without headers otherwise' }),
    at: timeSchema
      .optional()
      .meta({ description: 'when the request would come; now without it. Budgets are those of now' }),
    seed: z
      .int()
      .min(0)
      .max(0xff_ff_ff_ff)
      .optional()
      .meta({ description: 'where chance decides: the same seed gives the same answer' }),
  })
  .meta({ id: 'Explain' });

export const portalExplainBodySchema = z
  .strictObject({
    ...requestFields,
    credential: idSchema('credential')
      .optional()
      .meta({ description: 'of the application; without it, its newest that is active' }),
  })
  .meta({ id: 'PortalExplain' });

export const explainedReasonSchema = z
  .object({ code: z.string().meta({ description: 'explained at /reasons/<code> of the docs' }), sentence: z.string() })
  .meta({ id: 'ExplainedReason' });

export const explainedLimitSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['rate', 'window', 'quota', 'concurrency']),
    units: z.int(),
    cost: z.int().meta({ description: 'units that the request would take' }),
    left: z.int().nullable().meta({
      description: 'units that nobody has taken yet; null: not known. Gateways hold some more, leased in advance',
    }),
    resetMs: z.int().nullable().meta({ description: 'until it has units again, or its period ends' }),
  })
  .meta({ id: 'ExplainedLimit' });

export const undecidables = [
  'signature',
  'password',
  'authentication_service',
  'signed_arm',
  'client_address',
  'budget',
  'chance',
  'health',
] as const;

const common = {
  outcome: z.string().meta({ description: 'what would come of it, in one sentence' }),
  kind: z.enum(['forward', 'answer']),
  status: z.int().nullable().meta({ description: "of an answer of the gateway's own" }),
  code: z.enum(problemCodes).nullable(),
  reasons: z.array(explainedReasonSchema).meta({ description: 'in the order in which they were found' }),
  limits: z.array(explainedLimitSchema).meta({ description: 'those that were looked at' }),
  undecidable: z
    .array(z.object({ what: z.enum(undecidables), sentence: z.string() }))
    .meta({ description: 'what was taken for good, because only a gateway could find out' }),
};

const pairs = z.array(z.tuple([z.string(), z.string()]));
const headerEdits = z.object({ rename: pairs, remove: z.array(z.string()), set: pairs, add: pairs });

export const explanationSchema = z
  .object({
    ...common,
    on: z.enum(['live', 'draft']),
    revision: z.int().meta({ description: 'that is live; the draft is judged as what would follow it' }),
    at: timeSchema,
    api: z.string().nullable(),
    route: z.string().nullable(),
    applicationId: z.string().nullable(),
    subscriptionId: z.string().nullable(),
    credentialId: z.string().nullable(),
    plan: z.string().nullable(),
    facts: z
      .array(z.record(z.string(), z.unknown()))
      .meta({ description: 'the reasons as data, in the same order, as a record keeps them' }),
    forward: z
      .object({
        upstream: z.string(),
        arm: z.string(),
        armReason: z.string(),
        weightVersion: z.int(),
        path: z.string(),
        query: z.string(),
        requestHeaders: headerEdits,
        answerHeaders: headerEdits,
      })
      .nullable()
      .meta({ description: 'what the upstream would get; header edits act in the order rename, remove, set, add' }),
    answer: z
      .object({
        detail: z.string().meta({ description: 'of the problem; empty when the answer is none' }),
        headers: pairs,
        body: z.object({ contentType: z.string(), text: z.string() }).nullable(),
      })
      .nullable()
      .meta({ description: 'what the gateway itself would answer' }),
    refusals: z
      .array(z.object({ object: z.string(), code: z.string(), detail: z.string() }))
      .meta({ description: 'objects of the document that no gateway would serve, and so took no part' }),
  })
  .meta({ id: 'ExplanationOfRequest' });

export const portalExplanationSchema = z.object(common).meta({ id: 'PortalExplanation' });

export type ExplainBody = z.infer<typeof explainBodySchema>;
export type PortalExplainBody = z.infer<typeof portalExplainBodySchema>;
export type ExplainedLimit = z.infer<typeof explainedLimitSchema>;
export type ExplanationOfRequest = z.infer<typeof explanationSchema>;
export type PortalExplanation = z.infer<typeof portalExplanationSchema>;
export type Undecidable = ExplanationOfRequest['undecidable'][number];
