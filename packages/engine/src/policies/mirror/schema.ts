import { objectNameSchema } from '@sluice/contracts';
import { z } from 'zod';

export const mirrorSchema = z.strictObject({
  upstream: objectNameSchema.meta({ description: 'the upstream that gets the copies' }),
  shareBps: z.int().min(0).max(10_000).default(10_000).meta({ description: 'how many of 10,000 requests are copied' }),
  maxBodyBytes: z
    .int()
    .min(0)
    .max(1024 ** 2)
    .default(65_536)
    .meta({ description: 'requests with a larger body are not copied' }),
});

export type MirrorSettings = z.infer<typeof mirrorSchema>;
