// The document as a thing of the API. Below /v1/tenants/{tenant}/environments/{environment}:
//   GET  /document?revision=&tags=      the draft, or a revision; as YAML or JSON, by Accept; the ETag names the state of the draft
//   POST /document/validate             says what is wrong, with lines; changes nothing and needs no draft
//   POST /document/diff?against=&mode=&tags=  what applying or syncing would change
//   POST /document/apply?dryRun=&tags=  makes the draft's objects what the document says of those that it names; takes If-Match
//   POST /document/sync?dryRun=&tags=   the same, and removes from the draft what it does not name; takes If-Match
//   GET  /revisions/{number}/diff?against=
//   POST /revisions/{number}/republish?wait=    an old revision as a new one; the draft stays as it is
//   POST /promote?wait=&dryRun=         a revision of another environment into this one's draft, or published at once; takes If-Match
// and GET /v1/document.schema.json: the JSON Schema of the document, for editors; public.
// With tags each of these is about the objects that carry all of them, and no other; a document that was exported so says it itself.
// The body of each POST below /document is the document itself: text of type application/yaml or application/json, 4 MiB at most.
// One that is not valid is refused by diff, apply and sync with 422 `invalid_document`; each error has pointer, line, column, fix.
import { z } from 'zod';
import { apiSpecSchema, documentSchema } from '../document.js';
import { slugSchema } from '../names.js';
import { fieldErrorSchema } from '../problems.js';
import { tagListSchema, tagsSchema } from '../tags.js';
import { publishQuerySchema, revisionSchema } from './configuration.js';

const { sluice, upstreams, plans } = documentSchema.shape;

const scopeSchema = z
  .strictObject({
    tags: tagsSchema.meta({
      description: 'the document is about the objects that carry all of these; what it names gets those that it lacks',
    }),
  })
  .optional()
  .meta({ description: 'of a document that is a part of an environment: diff, apply and sync leave all else alone' });

/** A document as people write it: parts that are left out are empty. What is stored and exported is a `Document`. */
export const documentSourceSchema = z
  .strictObject({
    $schema: z.string().max(2048).optional().meta({ description: "for editors: this schema's address" }),
    sluice: sluice.meta({ description: 'the version of the format' }),
    scope: scopeSchema,
    upstreams: upstreams.default({}).meta({ description: 'where requests go, by name' }),
    apis: z.record(slugSchema, apiSpecSchema).default({}).meta({ description: 'what is offered, by name' }),
    plans: plans.default({}).meta({ description: 'limits for a set of APIs, by name' }),
  })
  .meta({ id: 'DocumentSource' });

/** What is exported: a `Document`, and which part of the environment it is. */
export const exportedDocumentSchema = z
  .strictObject({ sluice, scope: scopeSchema, upstreams, apis: documentSchema.shape.apis, plans })
  .meta({ id: 'ExportedDocument' });

const tags = tagListSchema.optional().meta({ description: 'only what carries all of these tags, with commas between' });

const revisionName = /^(?:live|[1-9]\d{0,8})$/;
const draftOrRevisionName = /^(?:draft|live|[1-9]\d{0,8})$/;

export const documentQuerySchema = z.object({
  revision: z
    .string()
    .regex(revisionName, 'write live, or the number of a revision')
    .optional()
    .meta({ description: '`live`, or the number of a revision; without it: the draft' }),
  tags,
});

const against = z.string().regex(draftOrRevisionName, 'write draft, live, or the number of a revision');

export const documentDiffQuerySchema = z.object({
  against: against
    .default('draft')
    .meta({ description: '`draft`, `live`, or the number of a revision: what the document is compared with' }),
  mode: z
    .enum(['apply', 'sync'])
    .default('sync')
    .meta({ description: '`apply`: what the document does not name stays; `sync`: it is removed' }),
  tags,
});

export const revisionDiffQuerySchema = z.object({
  against: against.optional().meta({
    description:
      '`draft`, `live`, or the number of a revision: what this revision is compared with; without it: the revision before',
  }),
});

const dryRun = z
  .enum(['true', 'false'])
  .default('false')
  .meta({ description: '`true`: answers what would change, and changes nothing' });

export const documentChangeQuerySchema = z.object({
  dryRun,
  tags: tags.meta({
    description:
      'only what carries all of these tags, with commas between; what the document names gets those that it lacks',
  }),
});

const missingSecrets = z.array(z.string()).meta({
  description:
    'names of secrets that the document refers to and the environment does not have: they must be set before it can be published',
});

/** `errors` is empty exactly when `isValid`. */
export const documentValidationSchema = z
  .object({
    isValid: z.boolean(),
    hash: z.string().nullable().meta({
      description:
        'of the revision that this document would be, published alone; of a part, that the draft would be with it; null where it is not valid',
    }),
    errors: z.array(fieldErrorSchema),
    missingSecrets,
  })
  .meta({ id: 'DocumentValidation' });

const changeSchema = z.enum(['added', 'changed', 'removed']);

export const fieldChangeSchema = z
  .object({
    change: changeSchema,
    pointer: z.string().meta({ description: 'RFC 6901, from the object on', examples: ['/timeoutMs'] }),
    before: z.unknown().optional().meta({ description: 'absent where it was added' }),
    after: z.unknown().optional().meta({ description: 'absent where it was removed' }),
  })
  .meta({ id: 'FieldChange', description: 'values of secrets read `(hidden)`' });

export const objectChangeSchema = z
  .object({
    change: changeSchema,
    kind: z.enum(['upstream', 'api', 'route', 'plan']),
    name: z.string().meta({ description: 'of a route: api/route', examples: ['users'] }),
    pointer: z.string().meta({
      description:
        'RFC 6901: of the object in the newer document, as it was sent; of a removed one, in the older document as it is exported',
      examples: ['/upstreams/users', '/apis/users/routes/0'],
    }),
    fields: z.array(fieldChangeSchema).meta({ description: 'of a changed object; empty for one added or removed' }),
  })
  .meta({ id: 'ObjectChange' });

/** From `before` to `after`. Weights in force are no part of either. */
export const documentDiffSchema = z
  .object({
    before: z.string().meta({ description: "the older document's hash" }),
    after: z.string().meta({ description: "the newer document's hash" }),
    changes: z.array(objectChangeSchema),
    missingSecrets,
  })
  .meta({ id: 'DocumentDiff' });

/** Of apply and sync. The ETag that comes along is the draft's: as it is now, which after a dry run is as it was. */
export const documentChangeSchema = documentDiffSchema
  .extend({ isDryRun: z.boolean().meta({ description: 'true: nothing was changed' }) })
  .meta({ id: 'DocumentChange' });

export const republishBodySchema = z
  .strictObject({
    comment: z.string().max(500).optional().meta({ description: 'without it: which revision was republished' }),
  })
  .meta({ id: 'Republish' });

export const promoteBodySchema = z
  .strictObject({
    from: z.string().min(1).max(64).meta({ description: 'the name of the environment to copy from' }),
    revision: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'the number of one of its revisions; without it: the live one' }),
    to: z.enum(['draft', 'revision']).meta({
      description: '`draft`: it replaces the draft; `revision`: it also is published, in the same transaction',
    }),
    comment: z.string().max(500).optional().meta({ description: 'of the revision; without it: where it came from' }),
  })
  .meta({ id: 'Promote' });

export const promoteQuerySchema = publishQuerySchema.extend({ dryRun });

/** `before` and `after` are of the draft; `revision` is null unless it was published. */
export const promotionSchema = documentChangeSchema
  .extend({
    source: z.object({ environment: z.string(), revision: z.int(), hash: z.string() }),
    revision: revisionSchema.nullable(),
  })
  .meta({ id: 'Promotion' });

export type ExportedDocument = z.infer<typeof exportedDocumentSchema>;
export type DocumentSource = z.infer<typeof documentSourceSchema>;
export type DocumentValidation = z.infer<typeof documentValidationSchema>;
export type FieldChange = z.infer<typeof fieldChangeSchema>;
export type ObjectChange = z.infer<typeof objectChangeSchema>;
export type DocumentDiff = z.infer<typeof documentDiffSchema>;
export type DocumentChange = z.infer<typeof documentChangeSchema>;
export type PromoteBody = z.infer<typeof promoteBodySchema>;
export type Promotion = z.infer<typeof promotionSchema>;
