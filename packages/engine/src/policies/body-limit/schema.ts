import { z } from 'zod';

export const bodyLimitSchema = z.strictObject({
  maxBytes: z
    .int()
    .min(0)
    .max(1024 ** 4)
    .default(1024 ** 2)
    .meta({ description: 'the most bytes that a body may have; 0: none at all' }),
});

export type BodyLimitSettings = z.infer<typeof bodyLimitSchema>;
