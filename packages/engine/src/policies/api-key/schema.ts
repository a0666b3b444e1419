import { headerNameSchema } from '@sluice/contracts';
import { z } from 'zod';

export const apiKeySchema = z.strictObject({
  header: headerNameSchema.default('x-api-key').meta({ description: 'the header that carries the key' }),
});

export type ApiKeySettings = z.infer<typeof apiKeySchema>;
