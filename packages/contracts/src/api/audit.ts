// The audit log of a tenant: who changed what, from where, and what it was before and after. Entries are only added, numbered
// without a gap, and each carries the hash of the one before. What an entry says can be cleared, for a person's sake; its
// digest stays.
//   GET /v1/tenants/{tenant}/audit-log            search, newest first
//   GET /v1/tenants/{tenant}/audit-log/export     all of it, oldest first, a line of JSON each
//   GET /v1/tenants/{tenant}/audit-log/verify     whether the chain holds
import { z } from 'zod';
import { idSchema } from '../ids.js';
import { pageQuerySchema, timeSchema } from './pages.js';

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'write a SHA-256 in hex');

export const auditActorSchema = z
  .object({
    kind: z.enum(['member', 'person', 'service-account', 'operator', 'system']).meta({
      description:
        '`person`: somebody who is no member, such as a developer; `operator`: of the platform; `system`: nobody asked for it',
    }),
    id: z.string().nullable(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    role: z.string().nullable().meta({ description: 'in the tenant, at that time' }),
    tokenId: z.string().nullable().meta({ description: 'the access token that was used instead of a session' }),
  })
  .meta({ id: 'AuditActor' });

const rowSchema = z.record(z.string(), z.unknown()).nullable();
export const auditChangeSchema = z
  .object({
    object: z.string().meta({ examples: ['plan'] }),
    id: z.string().nullable(),
    name: z.string().nullable(),
    environmentId: z.string().nullable(),
    change: z
      .enum(['created', 'changed', 'deleted', 'none'])
      .meta({ description: '`none`: an event about it, such as a sign-in' }),
    before: rowSchema.meta({ description: 'of a change, the members that differ; null: there was nothing before' }),
    after: rowSchema.meta({ description: 'of a change, the members that differ; null: there is nothing after' }),
  })
  .meta({ id: 'AuditChange', description: 'secrets stand as (hidden), very long values as their length' });

/** What the digest of an entry covers. */
export const auditContentSchema = z
  .object({
    actor: auditActorSchema,
    from: z
      .object({ address: z.string(), userAgent: z.string().nullable() })
      .nullable()
      .meta({ description: 'null: no request asked for it' }),
    changes: z.array(auditChangeSchema),
    omittedChanges: z
      .int()
      .min(0)
      .meta({ description: 'of one request that changed very much: how many more there were' }),
  })
  .meta({ id: 'AuditContent' });

export const auditEntrySchema = z
  .object({
    id: idSchema('auditEntry'),
    seq: z.int().min(1).meta({ description: 'counts the entries of the tenant, in the order of their commits' }),
    at: timeSchema,
    action: z
      .string()
      .meta({ description: 'the operationId of the endpoint, or the name of an event', examples: ['plans_create'] }),
    requestId: z.string().nullable(),
    content: auditContentSchema.nullable().meta({ description: 'null: it was cleared; the chain covers its digest' }),
    digest: hashSchema.meta({ description: 'SHA-256 of the canonical JSON of the content' }),
    previous: z.string().meta({ description: 'hash of the entry before, or empty' }),
    hash: hashSchema,
  })
  .meta({ id: 'AuditEntry' });

const wordSchema = z.string().min(1).max(200);
export const auditQuerySchema = pageQuerySchema.extend({
  actor: wordSchema.optional().meta({ description: 'id of a person or service account' }),
  action: wordSchema.optional().meta({ examples: ['plans_create'] }),
  object: wordSchema.optional().meta({ description: 'an id, or a word such as `plan`' }),
  requestId: wordSchema.optional(),
  from: timeSchema.optional(),
  to: timeSchema.optional().meta({ description: 'UTC; entries before it' }),
});

export const auditVerifyQuerySchema = z.object({
  seq: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ description: 'with `hash`: an entry that you noted down earlier; it must still be there as it was' }),
  hash: hashSchema.optional(),
});

export const auditBreaks = [
  'entry_missing',
  'content_differs',
  'index_differs',
  'previous_differs',
  'hash_differs',
  'end_missing',
  'known_hash_differs',
] as const;
export const auditVerdictSchema = z
  .object({
    isIntact: z.boolean(),
    entries: z.int().min(0).meta({ description: 'how many were walked' }),
    cleared: z.int().min(0).meta({ description: 'how many of them no longer say what they said' }),
    head: z
      .object({ seq: z.int(), hash: z.string() })
      .nullable()
      .meta({ description: 'note it down elsewhere: a later verify can be asked for it' }),
    firstBreak: z.object({ seq: z.int(), because: z.enum(auditBreaks), detail: z.string() }).nullable(),
  })
  .meta({ id: 'AuditVerdict' });

export type AuditActor = z.infer<typeof auditActorSchema>;
export type AuditChange = z.infer<typeof auditChangeSchema>;
export type AuditContent = z.infer<typeof auditContentSchema>;
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditQuery = z.infer<typeof auditQuerySchema>;
export type AuditVerifyQuery = z.infer<typeof auditVerifyQuerySchema>;
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;
export type AuditBreak = (typeof auditBreaks)[number];
