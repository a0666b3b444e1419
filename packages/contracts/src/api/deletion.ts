// The end of a tenant or an environment. Deleted, a tenant is served nowhere and can be read alone, until it is restored or the
// days of grace are over; then it is purged: taken out of every store, with a receipt of what was taken where. An environment
// is purged at once.
//   DELETE /v1/tenants/{tenant}?confirm={slug}                POST /v1/tenants/{tenant}/restore
//   DELETE /v1/operator/tenants/{tenant}?confirm={slug}       POST /v1/operator/tenants/{tenant}/restore
//   GET    /v1/operator/purges
// The end of a person's account: they leave every tenant, what they had at portals ends, and audit logs forget them.
//   POST   /v1/me/deletion
import { z } from 'zod';
import { idSchema } from '../ids.js';
import { mailAddressSchema } from '../mail-address.js';
import { givenPasswordSchema } from './account.js';
import { timeSchema } from './pages.js';

export const tenantDeletionSchema = z
  .object({
    deletedAt: timeSchema,
    purgeAt: timeSchema.meta({ description: 'it can be restored until then' }),
  })
  .meta({ id: 'TenantDeletion' });

/** What a person types who means it. */
export const confirmQuerySchema = z.object({
  confirm: z.string().max(200).meta({ description: 'the slug of the tenant, typed once more' }),
});

/** Nothing is asked for yet. */
export const tenantRestoreSchema = z.strictObject({}).meta({ id: 'TenantRestore' });

export const operatorRestoreSchema = z
  .strictObject({
    owner: mailAddressSchema.optional().meta({
      description: 'who is to own it, where nobody does any more: the last owner has deleted the account',
    }),
  })
  .meta({ id: 'OperatorRestore' });

/** The same, of a person: a session alone may be somebody else's who found the browser open. */
export const accountDeletionSchema = z
  .strictObject({
    confirm: z.string().max(400).meta({ description: 'the e-mail address of the account, typed once more' }),
    password: givenPasswordSchema,
  })
  .meta({ id: 'AccountDeletion' });

const counts = z.record(z.string(), z.int().min(0));
export const purgeDoneSchema = z
  .object({
    feed: z
      .object({ entries: z.int().min(0), told: timeSchema })
      .optional()
      .meta({ description: 'gateways were told that it is gone; entries of the change feed that were deleted' }),
    limits: z
      .object({ isConnected: z.boolean(), keys: z.int().min(0) })
      .optional()
      .meta({ description: 'keys of its limits in Redis; not connected: they end by themselves, with their periods' }),
    records: counts.optional().meta({ description: 'rows in ClickHouse, by table' }),
    recordsGoneAt: timeSchema.optional(),
    usage: z
      .array(z.object({ month: z.string(), requests: z.int().min(0) }))
      .optional()
      .meta({ description: 'what was served, by month: numbers alone are kept' }),
    rows: counts.optional().meta({ description: 'rows in Postgres, by table' }),
    auditHead: z
      .object({ seq: z.int(), hash: z.string() })
      .nullable()
      .optional()
      .meta({ description: 'the end of its audit log: an export that was taken before can be checked against it' }),
  })
  .meta({ id: 'PurgeDone', description: 'a part that is not there yet is not done' });

export const purgeSchema = z
  .object({
    id: idSchema('purge'),
    tenantId: idSchema('tenant'),
    environmentId: idSchema('environment').nullable().meta({ description: 'null: the whole tenant' }),
    slug: z.string(),
    name: z.string().meta({ description: "the tenant's title, or the environment's name" }),
    deletedAt: timeSchema,
    startedAt: timeSchema,
    finishedAt: timeSchema.nullable().meta({ description: 'null: it is under way' }),
    done: purgeDoneSchema,
  })
  .meta({ id: 'Purge' });

export type TenantDeletion = z.infer<typeof tenantDeletionSchema>;
export type AccountDeletion = z.infer<typeof accountDeletionSchema>;
export type OperatorRestore = z.infer<typeof operatorRestoreSchema>;
export type PurgeDone = z.infer<typeof purgeDoneSchema>;
export type Purge = z.infer<typeof purgeSchema>;
