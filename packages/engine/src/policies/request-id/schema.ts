import { headerNameSchema } from '@sluice/contracts';
import { z } from 'zod';

export const requestIdSchema = z.strictObject({
  header: headerNameSchema
    .default('x-request-id')
    .meta({ description: 'the header in which the upstream and the client get the id' }),
  client: z.enum(['keep', 'replace']).default('keep').meta({
    description: 'what becomes of an id that the client sent: `keep` uses it (visible ASCII, 128 characters at most)',
  }),
});

export type RequestIdSettings = z.infer<typeof requestIdSchema>;
