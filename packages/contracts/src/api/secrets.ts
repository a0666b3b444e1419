// The secrets of an environment: set, listed and deleted by name, never read back. Below /v1/tenants/{tenant}/environments/{environment}:
//   GET /secrets    GET PUT DELETE /secrets/{secret}
// A value that is set is at the gateways at once, without publishing; one that the draft or the live revision refers to stays.
import { z } from 'zod';
import { secretNameSchema, secretValueSchema } from '../secret.js';
import { timeSchema } from './pages.js';

export const secretUserSchema = z
  .object({
    object: z.string().meta({ examples: ['apis/orders/routes/list'] }),
    isInDraft: z.boolean(),
    isLive: z.boolean(),
  })
  .meta({ id: 'SecretUser' });

export const secretSchema = z
  .object({
    name: secretNameSchema,
    version: z.int().meta({ description: 'counts the values that it has had' }),
    createdAt: timeSchema,
    changedAt: timeSchema.meta({ description: 'when its value was set last' }),
    usedBy: z.array(secretUserSchema).meta({ description: 'what refers to it' }),
  })
  .meta({ id: 'Secret', description: 'its value is never answered' });

export const secretPutSchema = z
  .strictObject({ value: secretValueSchema.meta({ description: 'kept sealed; nobody can read it back' }) })
  .meta({ id: 'SecretPut' });

export type SecretUser = z.infer<typeof secretUserSchema>;
export type Secret = z.infer<typeof secretSchema>;
export type SecretPut = z.infer<typeof secretPutSchema>;
