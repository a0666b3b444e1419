import { limitSchema } from '@sluice/contracts';
import { z } from 'zod';

export const failedAuthenticationSchema = z.strictObject({
  limits: z
    .array(
      limitSchema.refine(
        ({ concurrency }) => concurrency === undefined,
        'write rate, window or quota: a failed attempt takes no time',
      ),
    )
    .min(1)
    .max(4)
    .meta({ description: 'how many refused credentials one address may send; IPv6 by /64' }),
});

export type FailedAuthenticationSettings = z.infer<typeof failedAuthenticationSchema>;
